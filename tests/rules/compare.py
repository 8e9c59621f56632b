"""Compare findings as multisets and show the difference so that a person sees it at once."""

import json
from collections import Counter
from collections.abc import Iterable
from typing import Any

_KEY = ("rule", "subject", "unit", "term", "title", "cadre", "year", "start_on")
#: Made once: `json.dumps` makes an encoder for each of thousands of findings.
_encoded = json.JSONEncoder(sort_keys=True, ensure_ascii=False).encode
_SAID = ("outcome", "measured", "required", "citations")


def normal(finding: dict[str, Any]) -> dict[str, Any]:
    """Keep what both sides say: no message, of the citations the sources in order."""
    kept = {key: finding[key] for key in ("as_of", *_KEY, "outcome", "measured", "required")}
    sources = sorted({citation["source"] for citation in finding["citations"]})
    return {**kept, "citations": sources}


def text(finding: dict[str, Any]) -> str:
    """One line of JSON that is equal for equal findings."""
    return _encoded(normal(finding))


def identity(finding: dict[str, Any]) -> str:
    """Name rule and subject, such as `planning.ballot nomination CB 2025-2030 GD CB01`."""
    return " ".join(str(finding[key]) for key in _KEY if finding[key] is not None)


def applicable(findings: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Leave out what is not applicable."""
    return [f for f in findings if f["outcome"] != "not_applicable"]


def difference(
    got: Iterable[dict[str, Any]],
    want: Iterable[dict[str, Any]],
    *,
    names: tuple[str, str] = ("engine", "oracle"),
    limit: int = 20,
) -> str:
    """Describe how two lists of findings differ; empty when they are the same.

    What is not applicable has nothing measured: there only rule and subject are compared, and
    `got` may name more subjects (a nomination without ballots, say) than `want`.
    """
    got, want = list(got), list(want)
    lines = _lines(applicable(got), applicable(want), names)
    silent = {identity(f) for f in got if f["outcome"] == "not_applicable"}
    judged = {identity(f) for f in applicable(got)}
    for finding in want:
        name = identity(finding)
        if finding["outcome"] == "not_applicable" and name not in silent | judged:
            lines.append(f"{name}\n    {names[0]}: nothing\n    {names[1]}: not_applicable")
    more = [f"... and {len(lines) - limit} more"] if len(lines) > limit else []
    return "\n".join([*lines[:limit], *more])


def _lines(
    got: list[dict[str, Any]], want: list[dict[str, Any]], names: tuple[str, str]
) -> list[str]:
    mine, theirs = Counter(map(text, got)), Counter(map(text, want))
    sides = {
        names[0]: [json.loads(line) for line in (mine - theirs).elements()],
        names[1]: [json.loads(line) for line in (theirs - mine).elements()],
    }
    subjects = sorted({identity(f) for side in sides.values() for f in side})
    return [
        "\n".join(
            [
                subject,
                *(
                    f"    {name}: {_said([f for f in side if identity(f) == subject])}"
                    for name, side in sides.items()
                ),
            ]
        )
        for subject in subjects
    ]


def _said(findings: list[dict[str, Any]]) -> str:
    return (
        " | ".join(
            " ".join(f"{key}={json.dumps(f[key], ensure_ascii=False)}" for key in _SAID)
            for f in findings
        )
        or "nothing (or not applicable)"
    )
