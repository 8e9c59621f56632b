"""Which rules judge which kind of subject, and which source delivers its facts.

Apps register in `AppConfig.ready`; the order of a kind's rules is the order of registration, and
the place of a rule in it is its slot in stored verdicts. So rules are appended, never moved.
"""

from collections.abc import Iterable
from functools import cache

from compliance.choices import SubjectKind
from compliance.engine.rule import Rule
from compliance.engine.source import Source

_rules: dict[str, Rule] = {}
_sources: dict[str, Source] = {}


def register(source: Source, rules: Iterable[Rule]) -> None:
    """Add a source and its rules. Registering the same again changes nothing."""
    _sources[source.name] = source
    for rule in rules:
        _rules[rule.code] = rule
    rules_of.cache_clear()


def all_rules() -> tuple[Rule, ...]:
    """Every rule, in order of registration."""
    return tuple(_rules.values())


def rule_by_code(code: str) -> Rule:
    """The rule with this code. Raises KeyError."""
    return _rules[code]


@cache
def rules_of(kind: SubjectKind) -> tuple[Rule, ...]:
    """The rules that judge subjects of this kind; index = slot."""
    return tuple(rule for rule in _rules.values() if kind in rule.kinds)


def slot_of(rule: Rule, kind: SubjectKind) -> int:
    """Where the outcome of `rule` stands in the outcomes of a subject of `kind` (0-based)."""
    return rules_of(kind).index(rule)


def sources() -> tuple[Source, ...]:
    """Every source, in order of registration."""
    return tuple(_sources.values())


def source_by_name(name: str) -> Source:
    """The source with this name. Raises KeyError."""
    return _sources[name]


def source_of(kind: SubjectKind) -> Source:
    """The source that delivers subjects of this kind."""
    return next(source for source in _sources.values() if kind in source.kinds)
