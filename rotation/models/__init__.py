"""Rotations, transfers and secondments."""

from rotation.models.tours import Rotation

__all__ = ["Rotation"]
