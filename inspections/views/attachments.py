"""Files of inspections, for who may read them."""

from __future__ import annotations

from pathlib import PurePosixPath

from django.http import FileResponse, HttpRequest
from django.views.decorators.http import require_safe

from cadres.services.records import record_export
from inspections.selectors.attachments import attachment_get


@require_safe
def attachment_file(request: HttpRequest, pk: int) -> FileResponse:
    """A file to take away; every taking is recorded."""
    found = attachment_get(request.user, pk)
    if request.method == "GET":
        record_export(
            actor=request.user,
            what="inspection-file",
            file_format=PurePosixPath(found.file_name).suffix.lstrip(".").lower(),
            people=None,
            filters={"inspection": found.inspection_id, "file": found.file_name},
            unit=found.inspected_unit.unit if found.inspected_unit else found.inspection.unit,
            sha256=found.sha256,
        )
    response = FileResponse(
        found.file.open("rb"),
        as_attachment=True,
        filename=found.file_name,
        content_type=found.content_type,
    )
    response["Cache-Control"] = "no-store"
    return response
