"""Skills that titles ask for against those that people have, as SQL."""

from __future__ import annotations

from cadres.selectors.trainings import TAUGHT_BY, TELLING
from compliance.choices import Outcome

_MET, _BAD, _UNCLEAR = Outcome.MET.value, Outcome.NOT_MET.value, Outcome.CANNOT_TELL.value


def skill_verdict(person: str, day: str) -> str:
    """The outcome of asked skill `s` for `person` (an id) on `day`; both are SQL, `day` twice.

    Like a rule: known to be there, known to be missing, or not to be told. A skill without a level
    on file may be high enough; so may one of which only the course is known.
    """
    telling = ", ".join(f"('{skill.value}', '{TAUGHT_BY[skill].value}')" for skill in TELLING)
    held = (
        f"SELECT FROM cadres_cadreskill h WHERE h.cadre_id = {person} AND h.kind = s.kind"
        f" AND (h.valid_to IS NULL OR h.valid_to >= {day})"
    )
    return (
        f"CASE WHEN EXISTS ({held} AND (s.level IS NULL OR h.level >= s.level)) THEN {_MET}"
        f" WHEN EXISTS ({held} AND h.level IS NULL) THEN {_UNCLEAR}"
        " WHEN EXISTS (SELECT FROM cadres_training g"
        f" JOIN (VALUES {telling}) v (skill, taught) ON v.taught = g.kind"
        f" WHERE g.cadre_id = {person} AND v.skill = s.kind)"
        f" THEN {_UNCLEAR} ELSE {_BAD} END"
    )


def skills_asked(title: str, day: str) -> str:
    """Condition on `cadres_titleskill s`: the title (an id) asks for it; SQL, `day` twice."""
    return (
        f"s.title_id = {title} AND s.in_force_from <= {day}"
        f" AND (s.in_force_to IS NULL OR s.in_force_to >= {day})"
    )
