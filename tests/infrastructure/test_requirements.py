"""requirements.txt is enough to run, and pins all that it pulls in."""

import ast
import re
import sys
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.infrastructure.conftest import ROOT

ROOMS = ("cadre_portal", "cadres", "compliance", "planning", "rotation", "inspections")


def _pinned(name: str) -> dict[str, str]:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    kept = [line.split("#")[0].strip() for line in lines]
    pins = dict(line.split("==") for line in kept if line and not line.startswith("-r"))
    return {canonicalize_name(package): version for package, version in pins.items()}


def _imported(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module)
    return {name.split(".")[0] for name in names}


def test_what_the_portal_imports_is_required() -> None:
    files = [path for room in ROOMS for path in (ROOT / room).rglob("*.py")]
    ours = {*ROOMS, "__future__", *sys.stdlib_module_names}
    imported = set().union(*map(_imported, files)) - ours
    providers = metadata.packages_distributions()
    pinned = _pinned("requirements.txt")
    unmet = {
        module
        for module in imported
        if not any(canonicalize_name(name) in pinned for name in providers.get(module, []))
    }
    assert unmet == set()


def test_everything_pulled_in_is_pinned() -> None:
    pinned = _pinned("requirements.txt")
    loose = set()
    for package in pinned:
        for line in metadata.requires(package) or []:
            requirement = Requirement(line)
            if requirement.marker and not requirement.marker.evaluate({"extra": ""}):
                continue
            if canonicalize_name(requirement.name) not in pinned:
                loose.add(f"{package} -> {requirement.name}")
    assert loose == set()


def test_every_pin_is_exact_and_stated_once() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
        stated = [line for line in lines if line and not line.startswith(("#", "-r"))]
        assert all(re.fullmatch(r"[\w.-]+==[\w.]+", line) for line in stated)
        assert len(stated) == len(_pinned(name))
    assert not _pinned("requirements.txt").keys() & _pinned("requirements-dev.txt").keys()
