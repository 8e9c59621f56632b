"""Every read of inspections, scoped to the actor."""

from inspections.selectors.inspections import (
    inspected_get,
    inspected_visible,
    inspection_get,
    inspections_visible,
)

__all__ = ["inspected_get", "inspected_visible", "inspection_get", "inspections_visible"]
