"""Who may do what with plans."""

from __future__ import annotations

from dataclasses import dataclass

from cadres.policies import Actor, can_run_check, scope_paths


@dataclass(frozen=True)
class Place:
    """Just enough of a unit for a question about rights: where it stands in the tree."""

    path: str


def can_check_everything(actor: Actor) -> bool:
    """Bring the live state up to date, or check everything on another day."""
    return can_run_check(actor)


def can_check_scope(actor: Actor) -> bool:
    """Check what one sees on some day: everything, or the one subtree that one works for."""
    if can_check_everything(actor):
        return True
    paths = scope_paths(actor)
    return len(paths) == 1 and can_run_check(actor, Place(paths[0]))  # type: ignore[arg-type]
