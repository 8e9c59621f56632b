"""Reading configuration from the environment, from `.env` and from secret files.

Precedence: the process environment, then the file named by `PORTAL_ENV_FILE` (default: `.env`
at the root of the project, if present), then the default given here. A secret `X` may also
come from the file named by `X_FILE`, as container platforms hand them out. Everything fails
loudly: a wrong value never silently becomes a default.
"""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent.parent

_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"0", "false", "no", "off", ""}


def read_env_file(path: Path) -> dict[str, str]:
    """Return the variables of an env file: `KEY=value` lines, `#` comments, optional quotes."""
    if not path.is_file():
        return {}
    values: dict[str, str] = {}
    for number, raw in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        line = raw.strip().removeprefix("export ").strip()
        if not line or line.startswith("#"):
            continue
        key, equals, value = line.partition("=")
        if not equals or not key.strip().isidentifier():
            raise ImproperlyConfigured(f"{path}, line {number}: expected KEY=value.")
        values[key.strip()] = _unquote(value.strip())
    return values


def _unquote(value: str) -> str:
    """Strip matching quotes; without quotes, drop a trailing ` # comment`."""
    if value[:1] in {'"', "'"} and value.endswith(value[0]) and len(value) > 1:
        return value[1:-1]
    return value.split(" #", 1)[0].rstrip()


_file_values = read_env_file(Path(os.environ.get("PORTAL_ENV_FILE", BASE_DIR / ".env")))


def text(name: str, default: str = "") -> str:
    """Return the variable as text; unset and empty both give `default`."""
    return os.environ.get(name, _file_values.get(name, "")).strip() or default


def flag(name: str, *, default: bool = False) -> bool:
    """Return a yes/no variable: 1/0, true/false, yes/no, on/off."""
    value = text(name).lower()
    if not value:
        return default
    if value in _TRUE:
        return True
    if value in _FALSE:
        return False
    raise ImproperlyConfigured(f"{name} must be 1 or 0, not {value!r}.")


def number(name: str, default: int) -> int:
    """Return a whole number."""
    value = text(name)
    if not value:
        return default
    try:
        return int(value)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.") from error


def listed(name: str) -> list[str]:
    """Return a comma-separated variable as a list, without blanks."""
    return [part.strip() for part in text(name).split(",") if part.strip()]


def secret(name: str) -> str:
    """Return a secret from `name` or from the file that `name`_FILE points to; "" if neither."""
    file_name = text(f"{name}_FILE")
    if not file_name:
        return text(name)
    try:
        value = Path(file_name).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ImproperlyConfigured(f"{name}_FILE cannot be read: {error}.") from error
    if not value:
        raise ImproperlyConfigured(f"{name}_FILE points to an empty file.")
    return value


def folder(name: str, default: Path) -> Path:
    """Return an absolute folder; a relative value counts from the root of the project."""
    return (BASE_DIR / Path(text(name, str(default))).expanduser()).resolve()
