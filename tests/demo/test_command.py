"""`manage.py load_demo`: never over other data, and it says what it cannot make.

What it does with an empty portal: tests/infrastructure/test_demo.py. With one that is loaded:
tests/demo/test_load.py.
"""

import datetime as dt
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from cadre_portal.demo import accounts
from cadres.choices import Level, UnitKind
from cadres.models import Unit

AS_OF = dt.date(2026, 11, 22)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    """No test reads or writes the password of the developer's portal."""
    settings.PORTAL_VAR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "media"


def run(*arguments: str, **options: object) -> str:
    out = StringIO()
    call_command("load_demo", *arguments, stdout=out, **options)
    return out.getvalue()


def test_it_refuses_other_data():
    other = Unit(code="A", name="Đơn vị khác", kind=UnitKind.OTHER, level=Level.PROVINCE)
    Unit.objects.add_root(instance=other)
    with pytest.raises(CommandError, match="đã có dữ liệu"):
        run()
    assert run("--if-empty") == ""
    assert Unit.objects.count() == 1
    assert not accounts.password_file().exists()


@pytest.mark.parametrize(
    ("options", "word"),
    [({"size": 100}, "Số cán bộ"), ({"as_of": dt.date(2020, 1, 1)}, "ngày xét")],
)
def test_it_says_what_it_cannot_make(options, word):
    with pytest.raises(CommandError, match=word):
        run(**{"as_of": AS_OF, **options})
    assert not Unit.objects.exists()
