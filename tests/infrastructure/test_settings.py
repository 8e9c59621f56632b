"""Settings: safe when nothing is said, loud when something is missing or wrong."""

import ast
import json
import os
import re
import secrets
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from cadre_portal.settings import env
from tests.infrastructure.conftest import ROOT, Manage, clean_environment

BASE = "cadre_portal.settings.base"
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": BASE,
    "SECRET_KEY": secrets.token_urlsafe(60),
    "ALLOWED_HOSTS": "portal.example",
}


def _settings(module: str, *names: str, **variables: str) -> dict[str, object]:
    """Import settings in a process of its own and return some of them."""
    code = (
        f"import json, sys, importlib; m = importlib.import_module({module!r});"
        "json.dump({n: getattr(m, n) for n in sys.argv[1:]}, sys.stdout, default=str)"
    )
    result = subprocess.run(
        [sys.executable, "-c", code, *names],
        env=clean_environment(**variables),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(result.stdout)


# -- production -----------------------------------------------------------------------


def test_base_is_safe_when_nothing_is_said() -> None:
    found = _settings(
        BASE,
        "DEBUG",
        "DEMO",
        "SECRET_KEY",
        "ALLOWED_HOSTS",
        "SESSION_COOKIE_SECURE",
        "SESSION_COOKIE_HTTPONLY",
        "CSRF_COOKIE_SECURE",
        "SECURE_SSL_REDIRECT",
        "SECURE_HSTS_SECONDS",
        "PASSWORD_HASHERS",
        "X_FRAME_OPTIONS",
        "CELERY_ACCEPT_CONTENT",
    )
    assert found.pop("SECURE_HSTS_SECONDS") >= 365 * 24 * 3600
    assert found.pop("PASSWORD_HASHERS")[0].endswith("Argon2PasswordHasher")
    assert found == {
        "DEBUG": False,
        "DEMO": False,
        "SECRET_KEY": "",
        "ALLOWED_HOSTS": [],
        "SESSION_COOKIE_SECURE": True,
        "SESSION_COOKIE_HTTPONLY": True,
        "CSRF_COOKIE_SECURE": True,
        "SECURE_SSL_REDIRECT": True,
        "X_FRAME_OPTIONS": "DENY",
        "CELERY_ACCEPT_CONTENT": ["json"],
    }


@pytest.mark.parametrize("missing", ["SECRET_KEY", "ALLOWED_HOSTS"])
def test_web_server_refuses_to_start_without(missing: str) -> None:
    variables = {**PRODUCTION, missing: ""}
    del variables["DJANGO_SETTINGS_MODULE"]
    result = subprocess.run(
        [sys.executable, "-c", "import cadre_portal.wsgi"],
        env=clean_environment(**variables),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode != 0
    assert "ImproperlyConfigured" in result.stderr
    assert missing in result.stderr


@pytest.mark.parametrize(
    ("program", "module", "expected"),
    [
        ("/opt/portal/.venv/bin/gunicorn", "cadre_portal.wsgi", BASE),
        ("-c", "cadre_portal", BASE),
        ("/opt/portal/.venv/bin/celery", "cadre_portal", "cadre_portal.settings.local"),
        ("/opt/lib/celery/__main__.py", "cadre_portal", "cadre_portal.settings.local"),
    ],
)
def test_only_celery_falls_back_to_local_settings(
    tmp_path: Path, program: str, module: str, expected: str
) -> None:
    code = (
        f"import os, sys; sys.argv = [{program!r}]; import {module};"
        "print(os.environ['DJANGO_SETTINGS_MODULE'])"
    )
    variables = {key: PRODUCTION[key] for key in ("SECRET_KEY", "ALLOWED_HOSTS")}
    result = subprocess.run(
        [sys.executable, "-c", code],
        env=clean_environment(PORTAL_VAR=str(tmp_path), **variables),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert result.stdout.strip() == expected


def test_content_policy_allows_nothing_from_outside_or_inline() -> None:
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    allowed = {source for sources in directives.values() for source in sources}
    assert allowed == {"'self'", "'none'", "data:"}
    assert directives["default-src"] == ["'none'"]
    assert directives["script-src"] == directives["style-src"] == ["'self'"]


def test_local_secret_is_made_once_and_kept_private(tmp_path: Path) -> None:
    var = {"PORTAL_VAR": str(tmp_path / "var")}
    first = _settings("cadre_portal.settings.local", "SECRET_KEY", **var)
    again = _settings("cadre_portal.settings.local", "SECRET_KEY", **var)
    assert first == again
    assert len(str(first["SECRET_KEY"])) >= 50
    assert (tmp_path / "var" / "secret_key").stat().st_mode & 0o077 == 0


def test_configured_services_are_used_as_they_are() -> None:
    found = _settings(
        BASE,
        "DATABASES",
        "EMBEDDED_POSTGRES",
        "EMBEDDED_VALKEY",
        "CELERY_BROKER_URL",
        DATABASE_URL="postgresql://portal:secret@db.example:5433/plans",
        CELERY_BROKER_URL="amqp://queue.example//",
    )
    database = found["DATABASES"]["default"]
    assert database["ENGINE"] == "django.db.backends.postgresql"
    assert (database["HOST"], database["PORT"], database["NAME"]) == ("db.example", 5433, "plans")
    assert found["CELERY_BROKER_URL"] == "amqp://queue.example//"
    assert not found["EMBEDDED_POSTGRES"]
    assert not found["EMBEDDED_VALKEY"]


def test_a_job_is_never_given_twice_while_it_may_still_run() -> None:
    options = settings.CELERY_BROKER_TRANSPORT_OPTIONS
    assert options["visibility_timeout"] > settings.CELERY_TASK_TIME_LIMIT
    assert settings.CELERY_TASK_ACKS_LATE
    assert settings.CELERY_TASK_REJECT_ON_WORKER_LOST
    assert settings.CELERY_WORKER_PREFETCH_MULTIPLIER == 1


# -- reading the environment ----------------------------------------------------------


def test_env_file(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.write_text(
        "# comment\n\nA=1\nexport B = two words # note\nC='#not a note'\nD=\"x=y\"\nE=\n",
        encoding="utf-8",
    )
    expected = {"A": "1", "B": "two words", "C": "#not a note", "D": "x=y", "E": ""}
    assert env.read_env_file(path) == expected
    assert env.read_env_file(tmp_path / "none") == {}
    path.write_text("what is this")
    with pytest.raises(ImproperlyConfigured, match="line 1"):
        env.read_env_file(path)


def test_environment_wins_over_the_file(tmp_path: Path) -> None:
    path = tmp_path / "portal.env"
    path.write_text("ALLOWED_HOSTS=from-file\nSESSION_HOURS=3\n")
    found = _settings(
        BASE,
        "ALLOWED_HOSTS",
        "SESSION_COOKIE_AGE",
        PORTAL_ENV_FILE=str(path),
        ALLOWED_HOSTS="from-environment",
    )
    assert found == {"ALLOWED_HOSTS": ["from-environment"], "SESSION_COOKIE_AGE": 3 * 3600}


def test_secret_from_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "secret"
    path.write_text("hidden\n")
    monkeypatch.setenv("SOME_SECRET_FILE", str(path))
    assert env.secret("SOME_SECRET") == "hidden"
    path.write_text("\n")
    with pytest.raises(ImproperlyConfigured, match="empty"):
        env.secret("SOME_SECRET")
    path.unlink()
    with pytest.raises(ImproperlyConfigured, match="SOME_SECRET_FILE"):
        env.secret("SOME_SECRET")


@pytest.mark.parametrize(
    ("read", "value"), [(env.flag, "maybe"), (lambda name: env.number(name, 1), "ten")]
)
def test_wrong_value_is_refused(monkeypatch: pytest.MonkeyPatch, read, value: str) -> None:
    monkeypatch.setenv("SOME_VALUE", value)
    with pytest.raises(ImproperlyConfigured, match="SOME_VALUE"):
        read("SOME_VALUE")


# -- .env.example ---------------------------------------------------------------------

_READERS = {"text", "flag", "number", "listed", "secret", "folder"}
#: Set by Python tools and the shell, or set by us and not read as configuration.
_NOT_OURS = {"PYTEST_XDIST_WORKER", "DJANGO_ALLOW_ASYNC_UNSAFE"}


def _python_files() -> list[Path]:
    folders = ("cadre_portal", "cadres", "compliance", "planning", "rotation", "inspections")
    files = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    return [*files, ROOT / "manage.py", ROOT / "tests" / "conftest.py"]


def _variables_read(path: Path) -> set[str]:
    """Return the names given to `env.<reader>("X")`, `os.environ["X"]` and `.get("X")`."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Subscript) and ast.unparse(node.value) == "os.environ":
            argument = node.slice
        elif isinstance(node, ast.Call) and node.args and isinstance(node.func, ast.Attribute):
            owner = ast.unparse(node.func.value)
            reader = (owner == "env" and node.func.attr in _READERS) or (
                owner == "os.environ" and node.func.attr in {"get", "setdefault", "pop"}
            )
            argument = node.args[0] if reader else None
        else:
            continue
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
            found.add(argument.value)
    return found


def test_every_variable_is_explained_and_every_explained_one_is_read() -> None:
    read = set().union(*map(_variables_read, _python_files())) - _NOT_OURS
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    explained = set(re.findall(r"^#?\s?([A-Z][A-Z0-9_]+)=", example, flags=re.MULTILINE))
    assert read - explained == set(), "not in .env.example"
    of_files = {name for name in explained if name.removesuffix("_FILE") in read}
    assert explained - read - of_files == set(), "in .env.example, but nobody reads it"


def test_example_sets_nothing_by_itself() -> None:
    assert env.read_env_file(ROOT / ".env.example") == {}


def test_no_secret_in_the_repository() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    names = listed.stdout.split("\0")
    assert ".env" not in names
    assert not [name for name in names if name.startswith("var/") or name.endswith(".pem")]
    assert os.path.isfile(ROOT / ".env.example")


# -- static files ---------------------------------------------------------------------


def test_every_static_file_is_found_and_hashed(manage: Manage, tmp_path: Path) -> None:
    """No style sheet or script names a file that is missing, or production cannot start."""
    root = tmp_path / "static"
    result = manage(
        "collectstatic",
        "--noinput",
        PORTAL_VAR=str(tmp_path / "var"),
        STATIC_ROOT=str(root),
        **PRODUCTION,
    )
    assert result.returncode == 0, result.stderr
    names = json.loads((root / "staticfiles.json").read_text())["paths"]
    assert "css/portal.css" in names
    assert "js-lib-bootstrap5/css/bootstrap.min.css" in names
    assert any(name.startswith("be-vietnam-pro/") for name in names)
