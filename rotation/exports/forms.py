"""Every paper of rotation: what its records and files are called, its Word template."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from rotation.exports import plan_paper, results, rotation_list, submission

#: Codes in the record of exports (cadres.choices.EXPORT_NAMES).
PLAN, LIST, RESULTS, SUBMISSION = (
    "rotation-plan",
    "rotation-list",
    "rotation-results",
    "rotation-submission",
)


def template_writers() -> dict[str, Callable[[Path], None]]:
    """What writes each Word template, by its name without the ending."""
    from cadres.exports.word_templates import write_letter_template, write_template

    return {
        plan_paper.KEY: partial(write_template, tables=plan_paper.TABLES, has_text=True),
        rotation_list.KEY: partial(write_template, tables=rotation_list.TABLES),
        results.KEY: partial(write_template, tables=results.TABLES),
        submission.KEY: partial(write_letter_template, columns=submission.COLUMNS),
    }
