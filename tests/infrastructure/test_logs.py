"""Logs say what happened, never to whom."""

import io
import json
import logging

import pytest
import structlog
from django.test import Client

from cadre_portal.logs import formatter


@pytest.fixture
def written() -> io.StringIO:
    """Everything that the portal logs during the test, as JSON lines."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter(json=True))
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)


def test_request_line_has_no_query_string(written: io.StringIO, client: Client) -> None:
    client.get("/tai-khoan/login/?tim=Nguyen+Thi+Minh+Khai")
    lines = [json.loads(line) for line in written.getvalue().splitlines()]
    (line,) = [line for line in lines if line["logger"] == "cadre_portal.request"]
    assert (line["route"], line["method"], line["status"]) == ("account_login", "GET", 200)
    assert line["user_id"] is None
    assert "Khai" not in written.getvalue()


def test_personal_fields_are_never_written(written: io.StringIO) -> None:
    structlog.get_logger("some.room").warning("row refused", full_name="Lý Thị Đào", row=4)
    (line,) = [json.loads(line) for line in written.getvalue().splitlines()]
    assert line["row"] == 4
    assert line["full_name"] == "[không ghi]"


def test_plain_records_take_the_same_form(written: io.StringIO) -> None:
    logging.getLogger("a.library").warning("disk is %s", "full")
    line = json.loads(written.getvalue())
    assert (line["event"], line["level"], line["logger"]) == (
        "disk is full",
        "warning",
        "a.library",
    )
