"""Pages that change a file: rights, errors beside fields, two people at once, removing and undo."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cadres.models import Appointment, Cadre, Discipline, FileOpening, User
from tests import factories
from tests.cast import Organisation

Browser = Callable[[User], Client]
EDIT = "/ho-so/CB-NV/sua/"


def fields_of(response: HttpResponse) -> dict[str, str]:
    """What the form on the page would send, as a browser does."""
    page = response.content.decode()
    page = page[page.index("data-keep") : page.rindex("</form>")]
    found = {}
    for tag in re.findall(r"<input[^>]+>", page):
        name = re.search(r' name="([^"]+)"', tag)
        if name and 'type="radio"' not in tag and 'type="checkbox"' not in tag:
            value = re.search(r' value="([^"]*)"', tag)
            found[name[1]] = value[1] if value else ""
    for name, body in re.findall(r'<select name="([^"]+)".*?>(.*?)</select>', page, re.S):
        chosen = re.search(r'<option value="([^"]*)" selected', body)
        found[name] = chosen[1] if chosen else ""
    for name, body in re.findall(r'<textarea name="([^"]+)"[^>]*>(.*?)</textarea>', page, re.S):
        found[name] = body.strip()
    return found


@pytest.fixture
def officer(unit_officer: User, signed_in: Browser) -> Client:
    return signed_in(unit_officer)


@pytest.fixture
def province(provincial_officer: User, signed_in: Browser) -> Client:
    return signed_in(provincial_officer)


def test_the_form_shows_the_file_and_saves_it(
    officer: Client, organisation: Organisation, unit_officer: User
) -> None:
    page = officer.get(EDIT)
    sent = fields_of(page)
    assert sent["full_name"] == "Nông Thị Ánh"
    assert sent["birth_date"] == "20/05/1985"
    assert sent["degree"] == "bachelor"
    answer = officer.post(EDIT, {**sent, "birth_date": "1985", "native_unit_code": "X01321"})
    assert answer.url == f"{EDIT}#da-luu"
    fresh = Cadre.objects.get(pk=organisation.insider.pk)
    assert (fresh.birth_precision, fresh.native_unit) == ("year", organisation.commune)
    assert "X01321 · Xã Bảo Lạc" in officer.get(EDIT).content.decode()
    assert FileOpening.objects.get(actor=unit_officer, door="edit").cadre_id == fresh.pk


def test_nobody_edits_outside_the_scope_or_their_own_file(
    signed_in: Browser,
    other_unit_officer: User,
    inspector: User,
    unit_officer: User,
    organisation: Organisation,
) -> None:
    row = organisation.insider.appointments.get()
    addresses = [EDIT, f"{EDIT}chi-tiet/", f"{EDIT}cong-tac/{row.pk}/", f"{EDIT}ky-luat/them/"]
    for address in addresses:
        assert signed_in(other_unit_officer).get(address).status_code == 404
        assert signed_in(inspector).get(address).status_code == 403
    unit_officer.cadre = organisation.insider
    unit_officer.save()
    for address in addresses:
        assert signed_in(unit_officer).get(address).status_code == 403
        assert signed_in(unit_officer).post(address).status_code == 403


def test_errors_stand_beside_their_fields_and_nothing_typed_is_lost(
    officer: Client, organisation: Organisation
) -> None:
    sent = fields_of(officer.get(EDIT))
    answer = officer.post(EDIT, {**sent, "birth_date": "31/02/1985", "full_name": "Nông Thị B"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'href="#id_birth_date"' in page
    assert 'aria-invalid="true"' in page
    again = fields_of(answer)
    assert (again["birth_date"], again["full_name"]) == ("31/02/1985", "Nông Thị B")
    assert again["goc"]
    assert Cadre.objects.get(pk=organisation.insider.pk).full_name == "Nông Thị Ánh"


def test_a_row_of_another_person_or_section_is_not_found(
    officer: Client, organisation: Organisation
) -> None:
    row = organisation.below.appointments.get()
    for path in (
        f"cong-tac/{row.pk}/",
        f"cong-tac/{row.pk}/xoa/",
        "khac/",
        "chung/",
        "chi-tiet/them/",
    ):
        assert officer.get(EDIT + path).status_code == 404, path


# ---- Two people ------------------------------------------------------------------------------


def test_two_people_edit_at_once_and_lose_nothing(
    officer: Client, province: Client, organisation: Organisation
) -> None:
    mine, theirs = fields_of(officer.get(EDIT)), fields_of(province.get(EDIT))
    province.post(EDIT, {**theirs, "degree": "doctor", "full_name": "Nông Thị Ánh Tuyết"})
    typed = {**mine, "degree": "master", "birth_date": "10/1986"}
    answer = officer.post(EDIT, typed)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert all(word in page for word in ("Đại học", "Thạc sĩ", "Tiến sĩ", "chưa ghi gì"))
    assert "Họ và tên: Nông Thị Ánh Tuyết" in page  # taken over, and told
    assert str(User.objects.get(username="provincial_officer")) in page
    again = fields_of(answer)
    assert (again["degree"], again["birth_date"]) == ("master", "10/1986")
    assert again["full_name"] == "Nông Thị Ánh Tuyết"

    unchosen = officer.post(EDIT, again)
    assert unchosen.status_code == 422
    assert "Hãy chọn giữ giá trị nào" in unchosen.content.decode()
    chosen = officer.post(EDIT, {**fields_of(unchosen), "chon-degree": "cua-toi"})
    assert chosen.status_code == 302
    fresh = Cadre.objects.get(pk=organisation.insider.pk)
    assert fresh.get_degree_display() == "Thạc sĩ"
    assert (fresh.full_name, fresh.birth_precision) == ("Nông Thị Ánh Tuyết", "month")


def test_the_other_ones_value_can_be_taken(
    officer: Client, province: Client, organisation: Organisation
) -> None:
    mine, theirs = fields_of(officer.get(EDIT)), fields_of(province.get(EDIT))
    province.post(EDIT, {**theirs, "theory": "bachelor"})
    answer = officer.post(EDIT, {**mine, "theory": "elementary", "sex": "male"})
    officer.post(EDIT, {**fields_of(answer), "chon-theory": "cua-ho"})
    fresh = Cadre.objects.get(pk=organisation.insider.pk)
    assert (fresh.get_theory_display(), fresh.sex) == ("Cử nhân", "male")


def test_edits_of_different_fields_merge_and_are_told(
    officer: Client, province: Client, organisation: Organisation
) -> None:
    mine, theirs = fields_of(officer.get(EDIT)), fields_of(province.get(EDIT))
    province.post(EDIT, {**theirs, "degree": "doctor"})
    answer = officer.post(EDIT, {**mine, "sex": "male"}, follow=True)
    assert "Chuyên môn: Tiến sĩ" in answer.content.decode()
    fresh = Cadre.objects.get(pk=organisation.insider.pk)
    assert (fresh.get_degree_display(), fresh.sex) == ("Tiến sĩ", "male")


def test_a_forged_start_counts_as_knowing_nothing(
    officer: Client, organisation: Organisation
) -> None:
    sent = {**fields_of(officer.get(EDIT)), "full_name": "Khác", "goc": "gia-mao"}
    assert officer.post(EDIT, sent).status_code == 409
    assert Cadre.objects.get(pk=organisation.insider.pk).full_name == "Nông Thị Ánh"


def test_a_row_removed_meanwhile_can_be_added_anew(
    officer: Client, organisation: Organisation
) -> None:
    discipline = factories.DisciplineFactory(cadre=organisation.insider)
    address = f"{EDIT}ky-luat/{discipline.pk}/"
    sent = fields_of(officer.get(address))
    discipline.delete()
    answer = officer.post(address, {**sent, "effective_to": "01/03/2026"})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "vừa bị người khác xóa" in page
    assert f'action="{EDIT}ky-luat/them/"' in page
    officer.post(f"{EDIT}ky-luat/them/", fields_of(answer))
    assert f"{Discipline.objects.get().effective_to}" == "2026-03-01"


# ---- Rows ------------------------------------------------------------------------------------


def test_a_row_is_added_changed_removed_and_restored(
    officer: Client, organisation: Organisation
) -> None:
    add = f"{EDIT}cong-tac/them/"
    sent = {
        **fields_of(officer.get(add)),
        "title_code": "PGD",
        "unit_code": "SNV-LT · Trung tâm Lưu trữ",
        "start_on": "1/6/2015",
        "end_on": "1/1/2020",
    }
    assert officer.post(add, sent).status_code == 302
    row = Appointment.objects.get(title=organisation.deputy)
    assert row.unit == organisation.centre
    change = f"{EDIT}cong-tac/{row.pk}/"
    officer.post(change, {**fields_of(officer.get(change)), "decision_no": "7-QĐ"})
    row.refresh_from_db()
    assert row.decision_no == "7-QĐ"

    asked = officer.get(f"{change}xoa/")
    token = re.search(r'name="goc" value="([^"]+)"', asked.content.decode())[1]  # type: ignore[index]
    assert Appointment.objects.filter(pk=row.pk).exists()
    listed = officer.post(f"{change}xoa/", {"goc": token}, follow=True)
    assert not Appointment.objects.filter(pk=row.pk).exists()
    restore = re.search(r'action="([^"]+khoi-phuc[^"]+)"', listed.content.decode())[1]  # type: ignore[index]
    officer.post(restore)
    row.refresh_from_db()
    assert row.decision_no == "7-QĐ"
    again = officer.post(restore, follow=True)
    assert "đã được khôi phục" in again.content.decode()


def test_removing_what_changed_meanwhile_asks_again(
    officer: Client, organisation: Organisation
) -> None:
    row = organisation.insider.appointments.get()
    address = f"{EDIT}cong-tac/{row.pk}/xoa/"
    token = re.search(r'name="goc" value="([^"]+)"', officer.get(address).content.decode())[1]  # type: ignore[index]
    Appointment.objects.filter(pk=row.pk).update(decision_no="99-QĐ")
    answer = officer.post(address, {"goc": token})
    assert answer.status_code == 409
    assert "99-QĐ" in answer.content.decode()
    assert Appointment.objects.filter(pk=row.pk).exists()


def test_ending_the_last_post_leads_out_of_the_file(
    officer: Client, organisation: Organisation
) -> None:
    row = organisation.insider.appointments.get()
    address = f"{EDIT}cong-tac/{row.pk}/thoi-giu/"
    sent = fields_of(officer.get(address))
    assert {"goc", "end_on"} == set(sent) - {"csrfmiddlewaretoken"}
    assert officer.post(address, sent).status_code == 422
    assert officer.post(address, {**sent, "end_on": "31/12/2019"}).status_code == 422
    answer = officer.post(address, {**sent, "end_on": "01/01/2026"})
    assert answer.url == "/ho-so/#da-luu"
    assert officer.get(EDIT).status_code == 404


def test_the_pages_ask_the_same_number_of_queries_however_many_rows(
    officer: Client, organisation: Organisation
) -> None:
    counts = []
    for year in (2010, 2011, 2012, 2013):
        factories.EvaluationFactory(
            cadre=organisation.insider, unit=organisation.department, year=year
        )
        if year in (2010, 2013):
            with CaptureQueriesContext(
                connection,
            ) as queries:
                assert officer.get(f"{EDIT}xep-loai/").status_code == 200
            counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 15


# ---- A new file ------------------------------------------------------------------------------

NEW = {
    "code": "CB-MOI",
    "full_name": "Lục Văn Mới",
    "birth_date": "1990",
    "post-title_code": "PGD",
    "post-unit_code": "SNV",
    "post-start_on": "01/03/2026",
}


def test_a_new_file_leads_on_to_the_biography(officer: Client) -> None:
    sent = {**fields_of(officer.get("/ho-so/moi/")), **NEW}
    assert officer.post("/ho-so/moi/", sent).url == "/ho-so/CB-MOI/sua/chi-tiet/#da-luu"
    assert Cadre.objects.get(code="CB-MOI").appointments.count() == 1


def test_the_same_name_and_birth_date_ask_once(officer: Client, organisation: Organisation) -> None:
    sent: dict[str, Any] = {**NEW, "full_name": "nong thi anh", "birth_date": "5/1985"}
    answer = officer.post("/ho-so/moi/", sent)
    assert answer.status_code == 422
    assert "/ho-so/CB-NV/" in answer.content.decode()
    assert not Cadre.objects.filter(code="CB-MOI").exists()
    assert officer.post("/ho-so/moi/", {**sent, "la_nguoi_khac": "on"}).status_code == 302
    other = officer.post("/ho-so/moi/", {**sent, "code": "CB-2", "birth_date": "6/1985"})
    assert other.status_code == 302


def test_a_code_is_no_word_of_the_portal(officer: Client) -> None:
    answer = officer.post("/ho-so/moi/", {**NEW, "code": "moi"})
    assert answer.status_code == 422
    assert "trùng với một từ của cổng" in answer.content.decode()


def test_people_outside_the_scope_are_not_hinted_at(officer: Client) -> None:
    sent = {**NEW, "full_name": "Lý Thị Đào", "birth_date": "20/05/1985"}
    assert officer.post("/ho-so/moi/", sent).status_code == 302


def test_only_units_of_the_scope_are_suggested(officer: Client) -> None:
    page = officer.get("/ho-so/moi/").content.decode()
    assert "SNV-LT · Trung tâm Lưu trữ" in page
    assert "Sở Y tế" not in page
