"""History of rotations; they are changed on their own pages."""

from cadres.admin_site import register_events
from rotation.models import Rotation

register_events(Rotation)
