"""Every read of rotations, scoped to the actor."""

from rotation.selectors.people import Tour, tours_of
from rotation.selectors.rotations import rotation_get, rotations_visible

__all__ = ["Tour", "rotation_get", "rotations_visible", "tours_of"]
