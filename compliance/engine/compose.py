"""Pieces of SQL made from rule declarations. Nothing here is user text."""

from collections.abc import Iterable, Mapping

from compliance.choices import Outcome, SubjectKind
from compliance.engine.registry import rules_of, source_of
from compliance.engine.rule import Rule


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
    """What stands at each place of the stored counts of a kind.

    First every measured or required value that is no figure, then what the source adds. New rules
    append to the former: the law's basis then is another one, and everything is judged anew.
    """
    names: dict[str, None] = {}
    for rule in rules_of(kind):
        for name in (*rule.measured.values(), *rule.required.values()):
            if name not in rule.figures:
                names[name] = None
    return [*names, *source_of(kind).beside(kind)]


def counts(kind: SubjectKind, *, complete: bool = True) -> str:
    """SQL array of the values of `count_names`.

    If not `complete`, without those of the source, and facts of a rule only where its outcome (the
    column `o<slot>`) is not in order.
    """
    facts = merged((_facts(kind, slot, complete) for slot in range(len(rules_of(kind)))), "fact")
    beside = source_of(kind).beside(kind)
    names = [name for name in count_names(kind) if complete or name not in beside]
    return f"ARRAY[{', '.join(facts.get(name, name) for name in names)}]::integer[]"


def _facts(kind: SubjectKind, slot: int, complete: bool) -> dict[str, str]:
    wrong = "true" if complete else f"o{slot} >= {Outcome.CANNOT_TELL.value}"
    facts = rules_of(kind)[slot].facts
    return {name: f"CASE WHEN {wrong} THEN {sql} END" for name, sql in facts.items()}


def count_place(kind: SubjectKind, name: str) -> int:
    """Where a name stands in the stored counts of a kind, from 1."""
    return count_names(kind).index(name) + 1


def named_counts(kind: str, counts: str, kinds: Iterable[SubjectKind]) -> str:
    """SQL object of stored counts, by name: for what is read after the rules have changed."""
    cases = " ".join(
        f"WHEN {each.value} THEN '{{{','.join(count_names(each))}}}'::text[]" for each in kinds
    )
    return (
        "(SELECT jsonb_object_agg(name, value) FROM"
        f" unnest((CASE {kind} {cases} END)[:cardinality({counts})], {counts}) n (name, value))"
    )
