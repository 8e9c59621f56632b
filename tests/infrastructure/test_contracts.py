"""The import contracts hold and catch planted breaches: one that never failed may check nothing."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.infrastructure.conftest import ROOT, clean_environment

ROOMS = ("cadre_portal", "cadres", "compliance", "planning", "rotation", "inspections")


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the source, to plant breaches in."""
    target = tmp_path_factory.mktemp("source")
    for room in ROOMS:
        shutil.copytree(
            ROOT / room, target / room, ignore=lambda _, names: [n for n in names if "cache" in n]
        )
    shutil.copy(ROOT / "pyproject.toml", target)
    return target


def _lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=folder,
        env=clean_environment(PYTHONPATH=str(folder)),
        capture_output=True,
        text=True,
        check=False,
    )


def test_contracts_hold(copy: Path) -> None:
    result = _lint(copy)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize(
    ("file", "line", "contract"),
    [
        ("cadres/planted.py", "import planning.models", "A room imports only what stands below it"),
        ("cadres/policies.py", "import cadres.urls", "Inside a room"),
        ("planning/rules/planted.py", "import django.db", "A rule file imports"),
        ("planning/planted.py", "import cadres.models", "not through the models of `cadres`"),
        ("cadre_portal/embedded/planted.py", "import cadres.choices", "The embedded services"),
    ],
)
def test_planted_breach_is_caught(copy: Path, file: str, line: str, contract: str) -> None:
    path = copy / file
    before = path.read_text(encoding="utf-8") if path.exists() else None
    path.write_text((before or "") + f"\n{line}\n", encoding="utf-8")
    try:
        result = _lint(copy)
    finally:
        if before is None:
            path.unlink()
        else:
            path.write_text(before, encoding="utf-8")
    assert result.returncode == 1, result.stdout
    broken = [text for text in result.stdout.splitlines() if "BROKEN" in text or contract in text]
    assert any(contract in text for text in broken), result.stdout
