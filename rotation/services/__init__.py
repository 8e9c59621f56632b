"""Writes of rotation: proposals and decisions, tours, the plan of a year, reminders."""

from rotation.services.checks import rotations_recheck_after

__all__ = ["rotations_recheck_after"]
