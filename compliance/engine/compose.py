"""Pieces of SQL made from rule declarations. Nothing here is user text."""

from collections.abc import Iterable, Mapping

from compliance.choices import Outcome, SubjectKind
from compliance.engine.registry import rules_of
from compliance.engine.rule import Rule


def literal(text: str) -> str:
    """`text` as an SQL string, safe inside a statement that takes %s parameters."""
    return "'" + text.replace("'", "''").replace("%", "%%") + "'"


def figures_of(rules: Iterable[Rule]) -> dict[str, str]:
    """Figure name -> legal parameter, over the rules. A name means one thing in all of them."""
    merged: dict[str, str] = {}
    for rule in rules:
        for name, parameter in rule.figures.items():
            if merged.setdefault(name, parameter) != parameter:
                raise ValueError(f"Figure {name} means both {merged[name]} and {parameter}.")
    return merged


def merged(parts: Iterable[Mapping[str, str]], what: str) -> dict[str, str]:
    """Union of declarations; raises ValueError when one name has two meanings."""
    result: dict[str, str] = {}
    for part in parts:
        for name, sql in part.items():
            if result.setdefault(name, sql) != sql:
                raise ValueError(f"{what} {name} is declared in two ways.")
    return result


def verdict(rule: Rule, kind: SubjectKind) -> str:
    """SQL for the outcome of a rule; NULL where the subject is none of the rule's."""
    known = [f"{name} IS NOT NULL" for name in rule.figures]
    joiner = " AND " if rule.figures_needed is all else " OR "
    needed = f"({joiner.join(known)})" if known else "true"
    only = rule.only.get(kind)
    cases = "".join(
        (
            f"WHEN ({only}) IS NOT TRUE THEN NULL " if only else "",
            f"WHEN ({needed} AND ({rule.applies})) IS NOT TRUE"
            f" THEN {Outcome.NOT_APPLICABLE.value} ",
            f"WHEN {rule.sure} THEN {Outcome.MET.value} ",
            f"WHEN {rule.possible} THEN {Outcome.CANNOT_TELL.value} ",
        )
    )
    return f"(CASE {cases}ELSE {Outcome.NOT_MET.value} END)"


def outcome_columns(kind: SubjectKind) -> tuple[list[str], str]:
    """Names of one column a rule, by slot, and the SQL that selects them."""
    names = [f"o{slot}" for slot in range(len(rules_of(kind)))]
    verdicts = (verdict(rule, kind) for rule in rules_of(kind))
    pairs = zip(verdicts, names, strict=True)
    return names, ", ".join(f"{sql} AS {name}" for sql, name in pairs)


def outcomes(kind: SubjectKind) -> str:
    """SQL array of the outcomes of all rules of a kind, by slot."""
    return f"ARRAY[{', '.join(verdict(rule, kind) for rule in rules_of(kind))}]::smallint[]"


def count_names(kind: SubjectKind) -> list[str]:
    """Every measured or required value of a kind that is no figure. New rules append."""
    names: dict[str, None] = {}
    for rule in rules_of(kind):
        for name in (*rule.measured.values(), *rule.required.values()):
            if name not in rule.figures:
                names[name] = None
    return list(names)


def counts(kind: SubjectKind, extra: Iterable[str] = ()) -> str:
    """SQL object of the values of `count_names` and of some facts more, by name."""
    facts = merged((rule.facts for rule in rules_of(kind)), "fact")
    names = dict.fromkeys((*count_names(kind), *extra))
    pairs = ", ".join(f"{literal(name)}, {facts.get(name, name)}" for name in names)
    return f"jsonb_build_object({pairs})"


def packed_counts(kind: SubjectKind) -> str:
    """The values of `count_names` alone, in their order: several times faster to make and keep."""
    facts = merged((rule.facts for rule in rules_of(kind)), "fact")
    values = ", ".join(facts.get(name, name) for name in count_names(kind))
    return f"to_jsonb(ARRAY[{values}]::integer[])"


def unpacked(kind: str, counts: str, kinds: Iterable[SubjectKind]) -> str:
    """SQL object of a column of counts that may be packed."""
    cases = " ".join(
        f"WHEN {each.value} THEN '{{{','.join(count_names(each))}}}'::text[]" for each in kinds
    )
    return (
        f"CASE WHEN jsonb_typeof({counts}) = 'array' THEN"
        f" (SELECT jsonb_object_agg(name, value) FROM unnest(CASE {kind} {cases} END)"
        f" WITH ORDINALITY AS n (name, place) JOIN jsonb_array_elements({counts})"
        f" WITH ORDINALITY AS v (value, place) USING (place)) ELSE {counts} END"
    )
