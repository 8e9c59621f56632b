"""Places of work: what stands right below a province, followed through reorganisations.

A department with everything in it is one place, so is a commune. A commune that was merged into a
new one goes on in it; a district that was divided does not.
"""

#: Parts of a `WITH RECURSIVE`. `place`: for each unit its `level`, its own `place` (a path), the
#: place `now` that this became, in how many `steps`; `is_whole`: it stands above places, such as a
#: provincial committee. Worked out once: a planner without statistics would do it for each post.
PLACES = """
 top AS (SELECT path, length(path) * CASE level WHEN 'central' THEN 3 ELSE 2 END AS deep
           FROM cadres_unit WHERE depth = 1),
 own AS MATERIALIZED (SELECT u.id AS unit_id, u.level, left(u.path, t.deep) AS place,
                u.numchild > 0 AND length(u.path) < t.deep AS is_whole
           FROM cadres_unit u JOIN top t ON u.path >= t.path AND u.path < t.path || '~'),
 heir AS MATERIALIZED (SELECT a.path, min(b.path) AS path_after
            FROM cadres_unitsuccession s
            JOIN cadres_unit a ON a.id = s.unit_id
            JOIN cadres_unit b ON b.id = s.successor_id
           GROUP BY a.path, a.level, a.valid_to
          HAVING count(*) = 1 AND min(b.level) = a.level AND min(b.valid_from) >= a.valid_to),
 later (place, now, steps) AS (
     SELECT DISTINCT place, place, 0 FROM own
      UNION ALL
     SELECT l.place, h.path_after, l.steps + 1
       FROM later l JOIN heir h ON h.path = l.now WHERE l.steps < 9),
 place AS MATERIALIZED (SELECT o.*, l.now, l.steps
             FROM own o
             JOIN (SELECT DISTINCT ON (place) * FROM later ORDER BY place, steps DESC) l
            USING (place))"""
