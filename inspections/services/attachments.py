"""Files of an inspection: what is taken in, how it is kept, how it goes.

These are steps of other acts: the caller has asked for the right and holds the inspection.
"""

from __future__ import annotations

import hashlib
import secrets
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any, cast

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from cadres.policies import Actor
from inspections.models import Attachment, Inspection

_ZIP, _OLE = (b"PK\x03\x04",), (b"\xd0\xcf\x11\xe0",)
#: Suffix -> what such a file begins with, and its type. Nothing that a browser or Word runs.
KINDS: dict[str, tuple[tuple[bytes, ...], str]] = {
    ".pdf": ((b"%PDF",), "application/pdf"),
    ".docx": (_ZIP, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ".xlsx": (_ZIP, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ".doc": (_OLE, "application/msword"),
    ".xls": (_OLE, "application/vnd.ms-excel"),
    ".jpg": ((b"\xff\xd8\xff",), "image/jpeg"),
    ".jpeg": ((b"\xff\xd8\xff",), "image/jpeg"),
    ".png": ((b"\x89PNG",), "image/png"),
}


def file_check(upload: UploadedFile[bytes]) -> str:
    """The type of a file that may be kept. Raises ValidationError with a sentence."""
    name = _own_name(upload)
    suffix = PurePosixPath(name.lower()).suffix
    if suffix not in KINDS:
        raise ValidationError(
            _("“%(name)s” không nhận được: chỉ nhận PDF, Word, Excel, ảnh JPG hoặc PNG.")
            % {"name": name}
        )
    size = upload.size or 0
    if not size:
        raise ValidationError(_("“%(name)s” là tệp rỗng. Hãy chọn lại tệp.") % {"name": name})
    if size > settings.INSPECTION_FILE_MB * 1024 * 1024:
        raise ValidationError(
            _("“%(name)s” nặng %(size).0f MB; nhiều nhất %(most)s MB.")
            % {"name": name, "size": size / 1024 / 1024, "most": settings.INSPECTION_FILE_MB}
        )
    starts, content_type = KINDS[suffix]
    head = upload.read(8)
    upload.seek(0)
    if not head.startswith(starts):
        raise ValidationError(
            _("“%(name)s” không phải là tệp %(suffix)s thật. Hãy lưu lại rồi chọn tệp ấy.")
            % {"name": name, "suffix": suffix}
        )
    return content_type


def file_keep(
    *, actor: Actor, inspection: Inspection, upload: UploadedFile[bytes], **place: Any
) -> Attachment:
    """Keep a file at its `place` (`inspected_unit`, `item`, `minutes`, `from_unit`…).

    The same bytes at the same place are kept once. Raises ValidationError.
    """
    content_type = file_check(upload)
    digest = _sha256(upload)
    there = Attachment.objects.filter(inspection=inspection, **place)
    found = there.filter(sha256=digest).first()
    if found:
        return found
    if there.count() >= settings.INSPECTION_FILES:
        raise ValidationError(
            _("Đã có %(n)s tệp ở mục này; hãy gộp bớt thành một tệp PDF.")
            % {"n": settings.INSPECTION_FILES}
        )
    name = _own_name(upload)
    kept = Attachment(
        inspection=inspection,
        file_name=name,
        content_type=content_type,
        size=upload.size or 0,
        sha256=digest,
        uploaded_by_id=cast("int", actor.pk),
        **place,
    )
    # The name on disk says nothing and cannot be guessed.
    kept.file.save(f"{secrets.token_hex(16)}{Path(name).suffix.lower()}", upload, save=False)
    try:
        kept.save()
    except Exception:
        kept.file.storage.delete(str(kept.file.name))
        raise
    return kept


def file_drop(attachment: Attachment) -> None:
    """Delete the row now, the file once that is committed."""
    storage, name = attachment.file.storage, attachment.file.name
    attachment.delete()
    if name:
        transaction.on_commit(partial(storage.delete, name))


def _own_name(upload: UploadedFile[bytes]) -> str:
    """The name alone, as long as a row holds; the end, which tells the type, is kept."""
    name = Path(upload.name or "").name.strip() or "tep"
    return name if len(name) <= 200 else name[: 200 - 10] + name[-10:]


def _sha256(upload: UploadedFile[bytes]) -> str:
    digest = hashlib.sha256()
    for piece in upload.chunks():
        digest.update(piece)
    upload.seek(0)
    return digest.hexdigest()
