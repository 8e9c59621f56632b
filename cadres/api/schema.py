"""What the schema says of sensitive fields: they may be missing."""

from __future__ import annotations

from typing import Any

from cadres.models import Cadre
from cadres.policies import sensitive_fields


def with_sensitive_optional(result: dict[str, Any], **_unused: Any) -> dict[str, Any]:
    """Take what is left out for some accounts from the required fields of people."""
    optional = sensitive_fields(Cadre) | {"disciplines"}
    for name in ("Cadre", "CadreFile"):
        schema = result["components"]["schemas"].get(name, {})
        schema["required"] = [each for each in schema.get("required", ()) if each not in optional]
    return result
