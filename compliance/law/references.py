"""Reads what law values refer to: documents, citations, levels, ethnic groups."""

from collections.abc import Container
from datetime import date

from .catalogue import CONFIDENCES, Citation, EthnicGroup, Level, Source
from .fields import Fields


def read_sources(file: Fields) -> tuple[date, dict[str, Source]]:
    """Return the day up to which documents were followed, and the documents by id."""
    known_on = file.take("known_on", date)
    sources: dict[str, Source] = {}
    for fields in file.children("sources"):
        source = _source(fields)
        if source.id in sources:
            raise fields.error(f"the source {source.id} stands twice")
        sources[source.id] = source
    file.close()
    for source in sources.values():
        for replaced in source.replaces:
            if replaced not in sources:
                raise file.error(f"{source.id} replaces {replaced}, which is not listed")
    return known_on, sources


def _source(fields: Fields) -> Source:
    identifier = fields.take("id", str)
    fields.where = f"{fields.where} ({identifier})"
    start, start_unknown = fields.date_or_unknown("in_force_from")
    end, end_unknown = fields.date_or_unknown("in_force_to")
    if start is None and not start_unknown:
        raise fields.error('in_force_from is missing; write "?" when it is not on hand')
    check_order(fields, start, end)
    source = Source(
        id=identifier,
        number=fields.maybe("number", str),
        title=fields.take("title", str),
        issued=_issued(fields),
        in_force_from=start,
        in_force_from_unknown=start_unknown,
        in_force_to=end,
        in_force_to_unknown=end_unknown,
        replaces=tuple(map(str, fields.maybe("replaces", list) or ())),
        replaces_other=fields.text("replaces_other"),
        confidence=fields.one_of("confidence", CONFIDENCES),
        local=fields.maybe("local", bool) or False,
        note=fields.text("note"),
    )
    fields.close()
    return source


def _issued(fields: Fields) -> str | None:
    """Return the day of issue, or the year alone, as ISO text; None when written "?"."""
    issued = fields.pop("issued")
    if issued == "?":
        return None
    if type(issued) is date:
        return issued.isoformat()
    if type(issued) is int and 1900 <= issued <= 2100:
        return str(issued)
    raise fields.error(f'issued should be a date, a year or "?", not {issued!r}')


def read_citations(fields: Fields, sources: Container[str]) -> tuple[Citation, ...]:
    """Return the citations of an entry, none when it has none. Their sources have to be listed."""
    citations = []
    for cite in fields.children("citations"):
        citation = Citation(
            source=cite.take("source", str),
            at=cite.maybe("at", str),
            confidence=cite.one_of("confidence", CONFIDENCES),
            via=cite.maybe("via", str),
        )
        cite.close()
        for source in (citation.source, citation.via):
            if source is not None and source not in sources:
                raise cite.error(f"the source {source} is not listed in sources.yaml")
        citations.append(citation)
    return tuple(citations)


def read_levels(file: Fields, sources: Container[str]) -> dict[str, Level]:
    """Return the levels by code, from the top down."""
    levels: dict[str, Level] = {}
    for fields in file.children("levels"):
        level = Level(
            code=fields.take("code", str),
            in_force_to=fields.maybe("to", date),
            citations=read_citations(fields, sources),
        )
        fields.close()
        if level.code in levels:
            raise fields.error(f"the level {level.code} stands twice")
        if level.in_force_to is not None and not level.citations:
            raise fields.error("a level that ended needs a citation")
        levels[level.code] = level
    file.close()
    return levels


def read_ethnic_groups(
    file: Fields, sources: Container[str]
) -> tuple[dict[str, EthnicGroup], dict[str, str]]:
    """Return the groups by code, and other names in use with the code they belong to."""
    if not read_citations(file, sources):
        raise file.error("the list needs a citation")
    majority = file.take("majority", str)
    groups: dict[str, EthnicGroup] = {}
    for code, name in file.mapping("groups").items():
        if not (isinstance(code, str) and len(code) == 2 and isinstance(name, str)):
            raise file.error(f"{code!r}: {name!r} is not a quoted two-digit code and a name")
        groups[code] = EthnicGroup(code, name, is_minority=code != majority)
    aliases = {str(name): str(code) for name, code in file.mapping("aliases").items()}
    for code in (majority, *aliases.values()):
        if code not in groups:
            raise file.error(f"the ethnic group {code!r} is not listed")
    file.text("note")
    file.close()
    return groups, aliases


def check_order(fields: Fields, start: date | None, end: date | None) -> None:
    """Refuse an end before its start."""
    if start is not None and end is not None and end < start:
        raise fields.error(f"ends on {end}, before it starts on {start}")
