"""The same day-first formats in each language."""

from cadre_portal.formats import *  # noqa: F403
