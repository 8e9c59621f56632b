"""Every read of rotations, scoped to the actor."""

from rotation.selectors.people import Tour, tours_of

__all__ = ["Tour", "tours_of"]
