"""What holds for every template: no inline style or script, all components documented and shown."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template import engines
from django.test import Client

ROOT = Path(settings.BASE_DIR)
TEMPLATES = sorted(
    path
    for folder in (ROOT / "templates", *ROOT.glob("*/templates"))
    for path in folder.rglob("*.html")
    if ".venv" not in path.parts and "staticfiles" not in path.parts
)
COMPONENTS = sorted((ROOT / "templates" / "components").glob("*.html"))

FORBIDDEN = {
    "a style attribute": r"<[^>]*\sstyle\s*=",
    "a style element": r"<style\b",
    "an inline script": r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")",
    "an event attribute": r"<[^>]*\son[a-z]+\s*=\s*[\"']",
    "htmx that needs eval": r"\bhx-on\b|hx-vals=[\"']js:",
    "something from outside": r"(?:src|href)=[\"'](?:https?:)?//",
}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_nothing_that_the_content_security_policy_refuses(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    found = [what for what, pattern in FORBIDDEN.items() if re.search(pattern, text)]
    assert not found


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_template_compiles(path: Path) -> None:
    engines["django"].from_string(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", COMPONENTS, ids=lambda path: path.stem)
def test_a_component_begins_with_its_context(path: Path) -> None:
    assert path.read_text(encoding="utf-8").startswith(("{#", "{% comment %}"))


@pytest.mark.urls("tests.ui.urls")
def test_the_gallery_shows_every_component(admin_client: Client) -> None:
    response = admin_client.get("/thanh-phan/")
    assert response.status_code == 200
    shown = {template.name for template in response.templates if template.name}
    missing = [path.name for path in COMPONENTS if f"components/{path.name}" not in shown]
    assert not missing


@pytest.mark.urls("tests.ui.urls")
def test_the_gallery_is_for_administrators(client: Client, django_user_model: type) -> None:
    assert client.get("/thanh-phan/").status_code == 302
    client.force_login(django_user_model.objects.create_user(username="nhan-vien"))
    assert client.get("/thanh-phan/").status_code == 403


def test_every_word_of_the_look_is_a_class_that_exists() -> None:
    """A class written in a component and styled nowhere is a slip of the pen."""
    css = (ROOT / "static" / "css" / "portal.css").read_text(encoding="utf-8")
    known = set(re.findall(r"\.([a-z][a-z0-9-]*)", css))
    bootstrap = re.compile(r"m[tbsexy]-\d|visually-hidden|form-label|row-link")
    used = {
        name
        for path in COMPONENTS
        for value in re.findall(r'class="([^"{]*)"', path.read_text(encoding="utf-8"))
        for name in value.split()
    }
    assert {name for name in used if name not in known and not bootstrap.fullmatch(name)} == set()
