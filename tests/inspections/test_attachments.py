"""Files of an inspection: what is refused, who reads them, what is kept once."""

import datetime as dt
import hashlib
from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from cadre_portal.common import clock
from cadres.models import ExportRecord, User
from inspections.choices import Stage, TeamRole
from inspections.models import Attachment, Minutes
from inspections.selectors.attachments import attachments_visible
from inspections.services.attachments import file_drop, file_keep
from inspections.services.mandate import member_set
from tests import factories
from tests.inspections.conftest import TODAY, Scene, advance, signatures

PDF = b"%PDF-1.7 sample"


def upload(name: str = "bao-cao.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


@pytest.fixture
def paper(scene: Scene, unit_officer: User) -> Attachment:
    """A file that Sở Nội vụ put in."""
    advance(scene, Stage.DEPLOYING)
    return file_keep(
        actor=unit_officer,
        inspection=scene.inspection,
        upload=upload(),
        inspected_unit=scene.department,
        from_unit=True,
    )


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("chay.exe", b"MZ", "chỉ nhận PDF, Word, Excel"),
        ("trang.html", b"<script>", "chỉ nhận PDF, Word, Excel"),
        ("gia.pdf", b"<script>", "không phải là tệp .pdf thật"),
        ("gia.docx", PDF, "không phải là tệp .docx thật"),
        ("rong.pdf", b"", "tệp rỗng"),
        ("nang.pdf", PDF + b"0" * 1024 * 1024, "nhiều nhất 1 MB"),
    ],
)
def test_what_is_not_taken_is_refused_in_words(
    scene: Scene, settings: object, name: str, content: bytes, told: str
) -> None:
    settings.INSPECTION_FILE_MB = 1  # type: ignore[attr-defined]
    with pytest.raises(ValidationError, match=told):
        file_keep(actor=scene.lead, inspection=scene.inspection, upload=upload(name, content))
    assert not Attachment.objects.exists()


def test_the_same_file_is_kept_once_and_goes_with_its_row(
    paper: Attachment, scene: Scene, unit_officer: User, django_capture_on_commit_callbacks: object
) -> None:
    again = file_keep(
        actor=unit_officer,
        inspection=scene.inspection,
        upload=upload("ten-khac.pdf"),
        inspected_unit=scene.department,
        from_unit=True,
    )
    assert again == paper
    assert paper.sha256 == hashlib.sha256(PDF).hexdigest()
    assert "bao-cao" not in str(paper.file.name)
    storage, name = paper.file.storage, paper.file.name
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        file_drop(paper)
    assert not storage.exists(name)


def test_there_are_only_so_many(scene: Scene, settings: object) -> None:
    settings.INSPECTION_FILES = 1  # type: ignore[attr-defined]
    file_keep(actor=scene.lead, inspection=scene.inspection, upload=upload())
    with pytest.raises(ValidationError, match="Đã có 1 tệp"):
        file_keep(actor=scene.lead, inspection=scene.inspection, upload=upload(content=PDF + b"2"))


def test_who_reads_the_file_of_a_unit(
    paper: Attachment,
    scene: Scene,
    unit_officer: User,
    other_unit_officer: User,
    approver: User,
    auditor: User,
) -> None:
    assigned_elsewhere = factories.UserFactory(username="thanhvien")
    member_set(
        actor=scene.officer,
        inspection=scene.inspection,
        user=assigned_elsewhere,
        role=TeamRole.MEMBER,
        units=[scene.other],
    )
    for user in (scene.officer, scene.lead, scene.secretary, unit_officer, approver):
        assert list(attachments_visible(user)) == [paper], user
    for user in (other_unit_officer, auditor, scene.outsider, assigned_elsewhere):
        assert not attachments_visible(user).exists(), user
    with clock.frozen(dt.date(2026, 12, 26)):  # the mandate is over
        assert not attachments_visible(scene.lead).exists()
        assert attachments_visible(scene.officer).exists()


def test_papers_of_the_team_are_not_the_units(scene: Scene, unit_officer: User) -> None:
    advance(scene, Stage.DEPLOYING)
    kept = file_keep(
        actor=scene.lead,
        inspection=scene.inspection,
        upload=upload(),
        inspected_unit=scene.department,
    )
    assert not attachments_visible(unit_officer).exists()
    assert list(attachments_visible(scene.lead)) == [kept]


def test_a_download_is_recorded(
    paper: Attachment, scene: Scene, signed_in: Callable[[User], Client], other_unit_officer: User
) -> None:
    url = reverse("inspections:attachment-file", args=[paper.pk])
    answer = signed_in(scene.lead).get(url)
    assert b"".join(answer.streaming_content) == PDF  # type: ignore[attr-defined]
    assert 'filename="bao-cao.pdf"' in answer["Content-Disposition"]
    assert answer["Content-Type"] == "application/pdf"
    record = ExportRecord.objects.get()
    assert (record.actor, record.what, record.sha256) == (
        scene.lead,
        "inspection-file",
        paper.sha256,
    )
    assert signed_in(other_unit_officer).get(url).status_code == 404
    assert ExportRecord.objects.count() == 1


def test_files_of_signed_minutes_stay(scene: Scene) -> None:
    minutes = Minutes.objects.create(
        inspection=scene.inspection, kind="working", held_on=TODAY, text="Làm việc"
    )
    kept = file_keep(
        actor=scene.lead, inspection=scene.inspection, upload=upload(), minutes=minutes
    )
    for name, value in signatures(scene.lead).items():
        setattr(minutes, name, value)
    minutes.save()
    for act in (
        lambda: Minutes.objects.filter(pk=minutes.pk).update(text="khác"),
        lambda: minutes.delete(),
        lambda: Attachment.objects.filter(pk=kept.pk).delete(),
        lambda: file_keep(
            actor=scene.lead,
            inspection=scene.inspection,
            upload=upload(content=PDF + b"2"),
            minutes=minutes,
        ),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            act()
