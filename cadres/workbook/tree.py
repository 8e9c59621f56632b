"""Units: parents in any order, cycles, tree paths and successors, all computed for the whole file.

The tree of units is small beside the people, so it is worked out in memory and written in two
statements. A unit that moves takes its subtree along and becomes the last child of its new parent.
"""

# ruff: noqa: S608 - SQL is composed of names that sheets declare; values are parameters or staged

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from cadres.models import Unit
from cadres.workbook.checks import report_unknown
from cadres.workbook.faults import FAULT_LIMIT
from cadres.workbook.schema import Sheet
from cadres.workbook.staging import Staging
from cadres.workbook.writing import changed_columns, differs, insert_rows

_STEP = Unit.steplen
_DEEPEST = 60


@dataclass
class Node:
    """A unit as it is and as it will be. `row` is None for units that the file does not have."""

    id: int
    code: str
    path: str | None = None
    numchild: int = 0
    row: int | None = None
    parent: int | None = None
    new_path: str = ""
    children: list[Node] = field(default_factory=list)

    @property
    def is_moved(self) -> bool:
        """Whether an existing unit gets another path."""
        return self.path is not None and self.path != self.new_path


def check_tree(staging: Staging, sheet: Sheet) -> None:
    """Unknown parents and successors, units above themselves, units that succeed themselves."""
    _check_parents(staging, sheet)
    _check_successors(staging, sheet)
    if "parent_code" in staging.present[sheet.name]:
        _check_cycles(staging, sheet)


def _known_codes(sheet: Sheet) -> str:
    return f"(SELECT code FROM {sheet.table} UNION SELECT code FROM {sheet.staged_table})"


def _check_parents(staging: Staging, sheet: Sheet) -> None:
    if "parent_code" not in staging.present[sheet.name]:
        return
    rows = staging.rows(
        f'SELECT s."row", s.parent_code, count(*) OVER () FROM {sheet.staged_table} s'
        f" LEFT JOIN {_known_codes(sheet)} k ON k.code = s.parent_code"
        ' WHERE s.parent_code IS NOT NULL AND k.code IS NULL ORDER BY s."row"'
    )
    for row, code in rows:
        report_unknown(staging, sheet, "parent_code", sheet.name, row, code)


def _check_successors(staging: Staging, sheet: Sheet) -> None:
    if "successor_codes" not in staging.present[sheet.name]:
        return
    rows = staging.rows(
        'SELECT s."row", n.code, count(*) OVER ()'
        f" FROM {sheet.staged_table} s, string_to_table(s.successor_codes, ';') AS n (code)"
        f" LEFT JOIN {_known_codes(sheet)} k ON k.code = n.code"
        ' WHERE k.code IS NULL ORDER BY s."row", n.code'
    )
    for row, code in rows:
        report_unknown(staging, sheet, "successor_codes", sheet.name, row, code)
    rows = staging.rows(
        f'SELECT s."row", s.code, count(*) OVER () FROM {sheet.staged_table} s'
        " WHERE s.code = ANY (string_to_array(s.successor_codes, ';')) ORDER BY s.\"row\""
    )
    for row, code in rows:
        message = _("Đơn vị “%(code)s” không thể kế tục chính nó. Hãy bỏ mã này khỏi ô.")
        staging.add_fault(
            sheet, "successor_is_itself", row, "successor_codes", message % {"code": code}, "self"
        )


def _check_cycles(staging: Staging, sheet: Sheet) -> None:
    nodes = _nodes(staging, sheet)
    cycles = _cycles(nodes)
    for cycle in cycles[:FAULT_LIMIT]:
        codes = [nodes[unit].code for unit in cycle]
        message = _("Đơn vị “%(code)s” nằm dưới chính nó: %(chain)s. Hãy sửa đơn vị cấp trên.") % {
            "code": codes[0],
            "chain": " → ".join([*codes[:12], codes[0]]),
        }
        row = nodes[cycle[0]].row or 0
        staging.add_fault(sheet, "unit_cycle", row, "parent_code", message, "cycles")
    staging.faults.count_more(max(len(cycles) - FAULT_LIMIT, 0))
    if not cycles:
        _check_depth(staging, sheet, nodes)


def _check_depth(staging: Staging, sheet: Sheet, nodes: dict[int, Node]) -> None:
    """Paths have room for so many levels; told of the first unit in each branch too deep."""
    for node in nodes.values():
        above: list[int] = []
        unit = node.parent
        while unit is not None and len(above) <= _DEEPEST:
            above.append(unit)
            unit = nodes[unit].parent
        if len(above) == _DEEPEST and node.row is not None:
            message = _(
                "Đơn vị “%(code)s” ở cấp thứ %(level)d; cây chỉ có tối đa %(most)d cấp."
            ) % {
                "code": node.code,
                "level": len(above) + 1,
                "most": _DEEPEST,
            }
            staging.add_fault(sheet, "tree_too_deep", node.row, "parent_code", message, "depth")


def _nodes(staging: Staging, sheet: Sheet) -> dict[int, Node]:
    """Every unit by its identifier, with the parent that it will have."""
    staging.cursor.execute(f"SELECT id, code, path, numchild FROM {sheet.table} ORDER BY path")
    nodes = {row[0]: Node(*row) for row in staging.cursor.fetchall()}
    by_path = {node.path: node.id for node in nodes.values()}
    for node in nodes.values():
        node.parent = by_path.get((node.path or "")[:-_STEP])
    has_parents = "parent_code" in staging.present[sheet.name]
    parent = "parent_code" if has_parents else "NULL"
    staging.cursor.execute(
        f'SELECT id, code, "row", {parent} FROM {sheet.staged_table}'
        ' WHERE copy_no = 1 AND code IS NOT NULL ORDER BY "row"'
    )
    filed = staging.cursor.fetchall()
    for unit, code, row, _parent in filed:
        nodes.setdefault(unit, Node(id=unit, code=code)).row = row
    by_code = {node.code: node.id for node in nodes.values()}
    if has_parents:
        for unit, _code, _row, parent_code in filed:
            nodes[unit].parent = by_code.get(parent_code) if parent_code is not None else None
    return nodes


def _cycles(nodes: dict[int, Node]) -> list[list[int]]:
    """Each cycle once, as the units on it from the topmost row of the file downwards."""
    found: list[list[int]] = []
    state: dict[int, int] = {}
    for start in nodes:
        walk: list[int] = []
        unit: int | None = start
        while unit is not None and unit not in state:
            state[unit] = start
            walk.append(unit)
            unit = nodes[unit].parent
        if unit is not None and state[unit] == start and unit in walk:
            cycle = walk[walk.index(unit) :]
            top = min(
                range(len(cycle)),
                key=lambda i: (nodes[cycle[i]].row is None, nodes[cycle[i]].row or 0),
            )
            found.append(cycle[top:] + cycle[:top])
    return found


def write_units(staging: Staging, sheet: Sheet) -> tuple[int, int]:
    """Write the units with their places in the tree: (created, updated)."""
    cursor = staging.cursor
    nodes = _nodes(staging, sheet)
    _place(nodes)
    _stage_places(staging, nodes)
    cursor.execute("CREATE TEMP TABLE import_changed (id bigint PRIMARY KEY) ON COMMIT DROP")
    values = changed_columns(sheet, staging.present[sheet.name])
    if values:
        sets = ", ".join(f"{column} = {value}" for column, value in values.items())
        cursor.execute(
            f"WITH changed AS (UPDATE {sheet.table} t SET {sets} FROM {sheet.staged_table} s"
            f" WHERE t.id = s.old_id AND {differs(values)} RETURNING t.id)"
            " INSERT INTO import_changed SELECT id FROM changed"
        )
    _move(staging, sheet, nodes)
    sheet_with_places = {
        "path": "(SELECT p.path FROM import_places p WHERE p.id = s.id)",
        "depth": "(SELECT p.depth FROM import_places p WHERE p.id = s.id)",
        "numchild": "(SELECT p.numchild FROM import_places p WHERE p.id = s.id)",
    }
    created = insert_rows(staging, sheet, sheet_with_places)
    _write_successions(staging, sheet)
    cursor.execute(
        f"SELECT count(*) FROM import_changed c JOIN {sheet.staged_table} s ON s.old_id = c.id"
    )
    return created, int(cursor.fetchone()[0])


def _place(nodes: dict[int, Node]) -> None:
    """Give every unit its new path, from the roots down, without recursion."""
    roots: list[Node] = []
    last_steps: dict[str, int] = {}
    for node in nodes.values():
        parent = nodes.get(node.parent) if node.parent is not None else None
        (parent.children if parent else roots).append(node)
        if node.path is not None:
            step = int(Unit._str2int(node.path[-_STEP:]))
            above = node.path[:-_STEP]
            last_steps[above] = max(last_steps.get(above, 0), step)
    waiting: list[tuple[str | None, str, list[Node]]] = [("", "", roots)]
    while waiting:
        old, new, children = waiting.pop()
        last = last_steps.get(old, 0) if old is not None else 0
        _place_children(old, new, children, last)
        waiting.extend((child.path, child.new_path, child.children) for child in children)


def _place_children(old: str | None, new: str, children: list[Node], last: int) -> None:
    """Children that stay keep their step; the others follow after every step ever used there.

    So no new path is an old path of another unit, and one UPDATE can write them all.
    """
    arriving = []
    for child in children:
        if child.path is not None and old is not None and child.path[:-_STEP] == old:
            child.new_path = new + child.path[-_STEP:]
        else:
            arriving.append(child)
    arriving.sort(key=lambda child: child.row or 0)
    for step, child in enumerate(arriving, start=last + 1):
        child.new_path = str(Unit._get_path(new, len(new) // _STEP + 1, step))


def _stage_places(staging: Staging, nodes: dict[int, Node]) -> None:
    """The places of new units and of those whose place or number of children changes."""
    staging.cursor.execute("DROP TABLE IF EXISTS pg_temp.import_places, pg_temp.import_changed")
    staging.cursor.execute(
        "CREATE TEMP TABLE import_places (id bigint PRIMARY KEY, path text, depth integer,"
        " numchild integer, is_moved boolean, has_other_parent boolean) ON COMMIT DROP"
    )
    staging.copy(
        "import_places",
        (
            f"{n.id}\t{n.new_path}\t{len(n.new_path) // _STEP}\t{len(n.children)}"
            f"\t{n.is_moved}\t{_has_other_parent(n, nodes)}\n"
            for n in nodes.values()
            if n.path is None or n.is_moved or n.numchild != len(n.children)
        ),
    )


def _move(staging: Staging, sheet: Sheet, nodes: dict[int, Node]) -> None:
    """Write the new places of existing units. Only a unit with another parent counts as updated."""
    if any(node.is_moved for node in nodes.values()):
        staging.cursor.execute(
            f"UPDATE {sheet.table} t SET path = p.path, depth = p.depth, numchild = p.numchild"
            " FROM import_places p WHERE p.id = t.id AND p.is_moved"
        )
    staging.cursor.execute(
        f"UPDATE {sheet.table} t SET numchild = p.numchild"
        " FROM import_places p WHERE p.id = t.id AND NOT p.is_moved"
    )
    staging.cursor.execute(
        "INSERT INTO import_changed SELECT id FROM import_places WHERE has_other_parent"
        " ON CONFLICT DO NOTHING"
    )


def _has_other_parent(node: Node, nodes: dict[int, Node]) -> bool:
    if node.path is None:
        return False
    parent = nodes[node.parent].path if node.parent is not None else ""
    return parent != node.path[:-_STEP]


def _write_successions(staging: Staging, sheet: Sheet) -> None:
    """Make each unit's successors those of its row; a file without the column changes none."""
    if "successor_codes" not in staging.present[sheet.name]:
        return
    staging.cursor.execute("DROP TABLE IF EXISTS pg_temp.import_successions")
    staging.cursor.execute(
        "CREATE TEMP TABLE import_successions ON COMMIT DROP AS"
        ' SELECT s.id AS unit_id, u.id AS successor_id, s."row", n.place'
        f" FROM {sheet.staged_table} s,"
        " unnest(string_to_array(s.successor_codes, ';')) WITH ORDINALITY AS n (code, place)"
        f" JOIN {sheet.table} u ON u.code = n.code"
    )
    _note_changed(
        staging,
        sheet,
        "DELETE FROM cadres_unitsuccession t"
        f" USING {sheet.staged_table} s WHERE t.unit_id = s.id AND NOT EXISTS"
        " (SELECT FROM import_successions n"
        " WHERE n.unit_id = t.unit_id AND n.successor_id = t.successor_id) RETURNING t.unit_id",
    )
    _note_changed(
        staging,
        sheet,
        "INSERT INTO cadres_unitsuccession (unit_id, successor_id)"
        ' SELECT unit_id, successor_id FROM import_successions ORDER BY "row", place'
        " ON CONFLICT (unit_id, successor_id) DO NOTHING RETURNING unit_id",
    )


def _note_changed(staging: Staging, sheet: Sheet, statement: str) -> None:
    staging.cursor.execute(
        f"WITH changed AS ({statement}) INSERT INTO import_changed"
        " SELECT DISTINCT unit_id FROM changed ON CONFLICT DO NOTHING"
    )
