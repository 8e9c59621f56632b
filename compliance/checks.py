"""System checks of the compliance app: the law files have to be in order before anything runs."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, register

from compliance.law import LawError, load_law


@register
def check_law(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Load all law data; one error for each problem in the files."""
    try:
        load_law()
    except LawError as error:
        return [
            Error(problem, hint="See docs/law.md.", obj="compliance/law", id="compliance.E001")
            for problem in error.problems
        ]
    return []
