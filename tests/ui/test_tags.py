"""The template tags behind the components."""

import datetime as dt
import re

import pytest
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory

from cadre_portal.templatetags import drawings
from cadre_portal.templatetags.icons import ICONS, SIGNS


def drawn(source: str, query: str = "", **values: object) -> str:
    """What a template makes of values, on the page `/x/?query`."""
    request = RequestFactory().get(f"/x/?{query}")
    template = Template("{% load portal %}" + source)
    return template.render(Context({"request": request, **values})).strip()


@pytest.mark.parametrize(
    ("outcome", "css", "word"),
    [
        ("met", "met", "Đạt"),
        ("not_met", "not", "Chưa đạt"),
        ("cannot_tell", "unk", "Chưa rõ"),
        ("not_applicable", "na", "Không áp dụng"),
    ],
)
def test_an_outcome_is_sign_word_and_colour(outcome: str, css: str, word: str) -> None:
    html = drawn("{% outcome o %}", o=outcome)
    assert f'class="oc {css}"' in html
    assert word in html
    assert SIGNS[css] in html


def test_a_bare_sign_still_speaks() -> None:
    assert "visually-hidden" in drawn("{% outcome_sign 'not_met' %}")
    assert "visually-hidden" not in drawn("{% outcome_sign 'not_met' False %}")


def test_a_citation_says_how_sure_we_are() -> None:
    sources = [
        {"source": "12-QĐ/TU", "at": "Điều 5", "confidence": "read"},
        {"source": "50-QĐ/TW", "at": "", "confidence": "second-hand"},
        {"source": "377-QĐ/TW", "at": "", "confidence": "recalled"},
    ]
    html = drawn("{% citation c %}", c=sources)
    for words in ("đã đối chiếu", "nguồn gián tiếp", "chưa đối chiếu văn bản gốc"):
        assert words in html
    assert "chưa có căn cứ" in drawn("{% citation c %}", c=[])


def test_keep_query_changes_one_thing_and_goes_back_to_page_one() -> None:
    html = drawn("{% keep_query sap='ten' q=None %}", "q=a&ngay=2025-01-01&trang=3&loai=b&loai=c")
    assert html == "?ngay=2025-01-01&amp;loai=b&amp;loai=c&amp;sap=ten"
    assert drawn("{% keep_query trang=2 %}", "q=a&trang=3") == "?q=a&amp;trang=2"
    assert drawn("{% keep_query q=None %}", "q=a") == "?"


@pytest.mark.urls("tests.ui.urls")
def test_page_url_keeps_the_date_of_view() -> None:
    assert drawn("{% page_url 'cadres:cadre-detail' 'CB-1' %}") == "/ho-so/CB-1/"
    html = drawn("{% page_url 'cadres:cadre-detail' 'CB-1' muc='a' %}", "ngay=2025-01-01&q=x")
    assert html == "/ho-so/CB-1/?ngay=2025-01-01&amp;muc=a"


def test_sort_head_turns_round() -> None:
    up = drawn("{% sort_head 'ten' 'Họ và tên' default='ten' %}")
    assert 'aria-sort="ascending"' in up
    assert 'href="?sap=-ten"' in up
    assert 'href="?sap=ten"' in drawn("{% sort_head 'ten' 'Họ và tên' %}", "sap=-ten")


def test_pagination_says_which_rows() -> None:
    html = drawn("{% pagination p 'người' %}", "q=a", p=Paginator(range(214), 50).page(2))
    assert "51–100 trong 214 người" in html
    assert 'href="?q=a"' in html, "page 1 has no parameter"
    assert 'href="?q=a&amp;trang=3"' in html


def test_share_bar_draws_part_and_threshold() -> None:
    html = drawn("{% share_bar 2 11 25 %}")
    assert 'width="18.18%"' in html
    assert 'x="25%"' in html
    assert "cần ít nhất 25\u00a0%" in html


def test_share_bar_hatches_what_is_unknown_or_unsaved() -> None:
    assert "hatch-unk" in drawn("{% share_bar 7 11 80 2 %}")
    assert "hatch-met" in drawn("{% share_bar 2 11 25 0 'met' 3 12 %}")
    assert "hatch-not" in drawn("{% share_bar 0 11 15 0 'not_met' 1 12 %}")
    assert "<rect" in drawn("{% share_bar 0 0 25 %}"), "nobody at all"


def test_numbers_in_drawings_have_a_point() -> None:
    html = drawn("{% share_bar 2 11 12.5 %}{% trend values %}", values=[1.5, 2.25])
    attributes = re.findall(r'(?:x|cx|width)="([^"]*)"', html)
    assert attributes
    assert not [value for value in attributes if "," in value]


def test_an_empty_age_band_is_a_gap() -> None:
    segments = drawings.bands(0, 7, 4)
    assert [segment.css for segment in segments] == ["f-gap", "f-bar2", "f-bar3"]
    assert sum(segment.width for segment in segments) == pytest.approx(320 - 4, abs=0.1)
    assert drawings.bands(0, 0, 0)[0].css == "f-gap"


@pytest.mark.parametrize(
    ("failing", "total", "level"),
    [(0, 22, 0), (1, 22, 0), (3, 22, 1), (9, 22, 2), (31, 56, 3), (0, 0, 0)],
)
def test_shading_grows_with_the_share_that_fails(failing: int, total: int, level: int) -> None:
    assert drawings.shading(failing, total) == level


def test_time_line_stays_inside_its_axis() -> None:
    item = {"kind": "post", "start": dt.date(1990, 1, 1), "end": None, "text": "Chuyên viên"}
    lanes = [{"label": "Chức vụ", "items": [item]}]
    line = drawings.time_line(
        {"start": 2012, "end": 2031, "as_of": dt.date(2026, 11, 22), "lanes": lanes}
    )
    shape = line["lanes"][0].items[0]
    assert shape["x"] == line["grid"][0]
    assert shape["x"] + shape["width"] <= line["now_x"]


def test_every_icon_is_drawn() -> None:
    for name in ICONS:
        assert "<svg" in drawn("{% icon name %}", name=name)
