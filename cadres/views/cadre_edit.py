"""Pages that change a file: sections, rows, a new file. Nothing is lost when two edit at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import resolve, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from cadres import selectors
from cadres.choices import FileDoor
from cadres.contexts.cadre_edit import (
    conflict_rows,
    form_context,
    frame_context,
    merge_words,
    row_title,
    rows_context,
    section_url,
)
from cadres.file_fields import CAREER, IDENTITY, SECTION_BY_SLUG, FieldConflict, Section
from cadres.forms.cadre_edit import (
    BASE,
    MINE,
    PICK,
    THEIRS,
    Base,
    FileForm,
    SureForm,
    base_read,
    shown_texts,
)
from cadres.models import Cadre, User
from cadres.policies import (
    can_add_cadre,
    can_edit_cadre,
    can_see_sensitive_of,
    require,
)
from cadres.selectors.editing import (
    cadres_alike,
    can_edit_row,
    last_edit,
    names_of,
    removed_rows,
    section_row,
    section_row_get,
    section_rows,
)
from cadres.selectors.titles import title_list
from cadres.services import cadres as services
from cadres.services.records import record_opening

_SAFE_OR_POST = require_http_methods(["GET", "HEAD", "POST"])
#: Tells the script of the page that what it kept of unsent forms has arrived.
SAVED = "#da-luu"
#: The first post of a new file is still held, so it has no end.
_FIRST_POST = tuple(one for one in CAREER.fields if one.key != "end_on")


def _actor(request: HttpRequest) -> User:
    return cast(User, request.user)


def _to_edit(request: HttpRequest, code: str) -> Cadre:
    """The person whose file the actor may change: 404 when not visible, 403 without the right."""
    cadre = selectors.cadre_get(request.user, code)
    require(can_edit_cadre(request.user, cadre))
    return cadre


def _section(request: HttpRequest, cadre: Cadre, slug: str) -> Section:
    section = SECTION_BY_SLUG.get(slug)
    if section is None or section is IDENTITY:
        raise Http404
    if section.is_sensitive:
        require(can_see_sensitive_of(request.user, cadre))
    return section


def _rows_section(request: HttpRequest, cadre: Cadre, slug: str) -> Section:
    section = _section(request, cadre, slug)
    if not section.is_many:
        raise Http404
    return section


# ---- Sections --------------------------------------------------------------------------------


@_SAFE_OR_POST
def cadre_edit(request: HttpRequest, code: str) -> HttpResponse:
    """Thông tin chung: the identity of a person."""
    return _single(request, _to_edit(request, code), IDENTITY)


@_SAFE_OR_POST
def cadre_edit_section(request: HttpRequest, code: str, section: str) -> HttpResponse:
    """A further section: the form of the biography, or the table of its rows."""
    cadre = _to_edit(request, code)
    found = _section(request, cadre, section)
    if not found.is_many:
        return _single(request, cadre, found)
    if request.method == "POST":
        return HttpResponseNotAllowed(["GET", "HEAD"])
    return _rows(request, cadre, found)


def _single(request: HttpRequest, cadre: Cadre, section: Section) -> HttpResponse:
    row = section_row(cadre, section)
    edit = _Edit(request, cadre, section, row, submit=_("Lưu"))

    def save(typed: Mapping[str, str], base: Mapping[str, str]) -> services.Saved:
        return services.section_change(
            actor=edit.actor, cadre=cadre, section=section, typed=typed, base=base
        )

    return edit.answer(save)


def _rows(request: HttpRequest, cadre: Cadre, section: Section) -> HttpResponse:
    actor = _actor(request)
    record_opening(actor=actor, cadre=cadre, door=FileDoor.EDIT)
    rows, removed = section_rows(cadre, section), removed_rows(cadre, section)
    names = names_of(section.fields, *(section.texts_of(row) for row in [*rows, *removed]))
    context = {
        **_frame(actor, cadre, section),
        **rows_context(actor, cadre, section, rows, removed, names),
    }
    return render(request, "cadres/edit/rows.html", context)


def _frame(actor: User, cadre: Cadre, section: Section) -> dict[str, Any]:
    return frame_context(cadre, section, is_sensitive=can_see_sensitive_of(actor, cadre))


# ---- Rows ------------------------------------------------------------------------------------


@_SAFE_OR_POST
def cadre_row_add(request: HttpRequest, code: str, section: str) -> HttpResponse:
    """A new row of a career, of trainings, of grades, of disciplines."""
    cadre = _to_edit(request, code)
    found = _rows_section(request, cadre, section)
    edit = _Edit(
        request,
        cadre,
        found,
        None,
        submit=_("Thêm"),
        heading=_("Thêm %(one)s") % {"one": found.one},
        done=_("Đã thêm %(one)s.") % {"one": found.one},
    )

    def save(typed: Mapping[str, str], _base: Mapping[str, str]) -> services.Saved:
        row = services.row_add(actor=edit.actor, cadre=cadre, section=found, typed=typed)
        return services.Saved(row=row)

    return edit.answer(save)


@_SAFE_OR_POST
def cadre_row_change(request: HttpRequest, code: str, section: str, pk: int) -> HttpResponse:
    """One row. When somebody removed it meanwhile, what was typed can be added as a new row."""
    cadre = _to_edit(request, code)
    found = _rows_section(request, cadre, section)
    try:
        row = section_row_get(cadre, found, pk)
    except Http404:
        if request.method != "POST":
            raise
        return _gone(request, cadre, found)
    require(can_edit_row(request.user, row))
    edit = _Edit(
        request,
        cadre,
        found,
        row,
        submit=_("Lưu"),
        heading=_("Sửa %(one)s") % {"one": found.one},
    )

    def save(typed: Mapping[str, str], base: Mapping[str, str]) -> services.Saved:
        return services.row_change(
            actor=edit.actor, cadre=cadre, section=found, pk=pk, typed=typed, base=base
        )

    return edit.answer(save)


@_SAFE_OR_POST
def cadre_post_end(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Thôi giữ chức vụ: one date."""
    cadre = _to_edit(request, code)
    row = section_row_get(cadre, CAREER, pk)
    require(can_edit_row(request.user, row))
    texts = CAREER.texts_of(row)
    edit = _Edit(
        request,
        cadre,
        CAREER,
        row,
        only=("end_on",),
        submit=_("Ghi ngày thôi giữ"),
        heading=_("Thôi giữ chức vụ"),
        intro=row_title(CAREER, texts, names_of(CAREER.fields, texts)),
    )

    def save(typed: Mapping[str, str], base: Mapping[str, str]) -> services.Saved:
        if not typed.get("end_on", "").strip():
            raise ValidationError({"end_on": [_("Thiếu ngày thôi giữ chức vụ. Hãy điền vào.")]})
        return services.appointment_end(
            actor=edit.actor, appointment=row, end_on=typed["end_on"], base=base
        )

    return edit.answer(save)


@_SAFE_OR_POST
def cadre_row_remove(request: HttpRequest, code: str, section: str, pk: int) -> HttpResponse:
    """Asks once, removes; the page of the section offers to bring the row back."""
    cadre = _to_edit(request, code)
    found = _rows_section(request, cadre, section)
    back = section_url(cadre, found)
    try:
        row = section_row_get(cadre, found, pk)
    except Http404:
        if request.method != "POST":
            raise
        messages.info(request, _("Dòng này đã được người khác xóa."))
        return redirect(back)
    require(can_edit_row(request.user, row))
    texts = found.texts_of(row)
    names = names_of(found.fields, texts)
    is_changed = False
    if request.method == "POST":
        base = base_read(request.POST.get(BASE, ""), cadre=cadre, section=found, pk=pk)
        try:
            services.row_remove(
                actor=_actor(request), cadre=cadre, section=found, pk=pk, base=base.texts
            )
        except services.EditConflict:
            is_changed = True
        except services.RowGone:
            messages.info(request, _("Dòng này đã được người khác xóa."))
            return redirect(back)
        else:
            messages.success(
                request,
                _("Đã xóa %(row)s. Có thể khôi phục ở cuối trang.")
                % {"row": row_title(found, texts, names)},
            )
            return _after(request, cadre, back)
    context = {
        **_frame(_actor(request), cadre, found),
        "token": Base(texts=texts).signed(cadre=cadre, section=found, pk=pk),
        "items": [
            {"label": one.label, "value": one.words(texts[one.key], names) or _("để trống")}
            for one in found.fields
        ],
        "is_changed": is_changed,
        "edit": last_edit(found.model, pk) if is_changed else None,
        "back_url": back,
    }
    return render(request, "cadres/edit/remove.html", context, status=409 if is_changed else 200)


@require_POST
def cadre_row_restore(request: HttpRequest, code: str, section: str, pk: int) -> HttpResponse:
    """Bring back a row that was removed lately."""
    cadre = _to_edit(request, code)
    found = _rows_section(request, cadre, section)
    event = next((one for one in removed_rows(cadre, found) if one.pgh_id == pk), None)
    if event is None:
        messages.info(request, _("Dòng này đã được khôi phục, hoặc đã quá hạn khôi phục."))
        return redirect(section_url(cadre, found))
    try:
        services.row_restore(actor=_actor(request), cadre=cadre, section=found, event=event)
    except ValidationError as error:
        messages.error(
            request, _("Không khôi phục được: %(why)s") % {"why": " ".join(error.messages)}
        )
    else:
        messages.success(request, _("Đã khôi phục."))
    return redirect(section_url(cadre, found))


def _gone(request: HttpRequest, cadre: Cadre, section: Section) -> HttpResponse:
    """What was typed into a row that is no more, offered as a new one."""
    edit = _Edit(
        request,
        cadre,
        section,
        None,
        submit=_("Thêm thành dòng mới"),
        heading=_("Dòng này vừa bị người khác xóa"),
        action=f"{section_url(cadre, section)}them/",
        intro=_("Những gì đồng chí đã gõ còn ở dưới đây: có thể thêm thành dòng mới."),
    )
    return edit.render(edit.form(), Base(texts={}), status=409)


def _after(request: HttpRequest, cadre: Cadre, url: str) -> HttpResponse:
    """On to `url`; to the list when the file has just left the actor's scope."""
    if not selectors.cadres_visible(request.user).filter(pk=cadre.pk).exists():
        messages.info(
            request,
            _("%(name)s không còn chức vụ trong phạm vi của đồng chí.") % {"name": cadre.full_name},
        )
        return redirect(reverse("cadres:cadre-list") + SAVED)
    return redirect(url + SAVED)


# ---- One form, from opening to saving --------------------------------------------------------


class _Edit:
    """Opens a form over a row, takes what was typed, and tells what somebody else did meanwhile."""

    def __init__(
        self,
        request: HttpRequest,
        cadre: Cadre,
        section: Section,
        row: Any,
        *,
        submit: str,
        heading: str = "",
        intro: str = "",
        action: str = "",
        done: str = "",
        only: tuple[str, ...] = (),
    ) -> None:
        self.request, self.cadre, self.section, self.row = request, cadre, section, row
        self.actor = _actor(request)
        self.fields = [one for one in section.fields if not only or one.key in only]
        self.pk = row.pk if row is not None and section.is_many else None
        self.words = {"submit": submit, "heading": heading, "intro": intro, "action": action}
        self.done = done or _("Đã lưu.")

    def answer(
        self, save: Callable[[Mapping[str, str], Mapping[str, str]], services.Saved]
    ) -> HttpResponse:
        """GET: the form; POST: save, or the form again with what is to be mended or chosen."""
        if self.request.method != "POST":
            record_opening(actor=self.actor, cadre=self.cadre, door=FileDoor.EDIT)
            base = Base(texts=self.section.texts_of(self.row))
            return self.render(self.form(base.texts), base)
        token = self.request.POST.get(BASE, "")
        base = base_read(token, cadre=self.cadre, section=self.section, pk=self.pk)
        form = self.form()
        typed = self._picked(form, base)
        if not form.errors:
            try:
                return self._saved(save(typed, base.texts))
            except ValidationError as error:
                form.refuse(error)
            except services.EditConflict as conflict:
                return self._conflict(conflict)
            except services.RowGone:
                return _gone(self.request, self.cadre, self.section)
        return self.render(form, base, status=422)

    def form(self, texts: Mapping[str, str] | None = None) -> FileForm:
        """Over `texts`, or over what was sent."""
        titles = title_list(self.actor) if any(f.kind == "title" for f in self.fields) else ()
        parts = [("", self.fields)]
        if texts is None:
            return FileForm(parts, self.request.POST, titles=titles)
        names = names_of(self.fields, dict(texts))
        return FileForm(parts, initial=shown_texts(self.fields, texts, names), titles=titles)

    def _picked(self, form: FileForm, base: Base) -> dict[str, str]:
        """What was typed, with the choice made at fields that were in conflict."""
        typed = form.typed
        for key in base.asked:
            pick = self.request.POST.get(PICK + key)
            if pick == THEIRS:
                typed[key] = base.texts[key]
            elif pick != MINE and key in form.fields:
                form.add_error(key, _("Hãy chọn giữ giá trị nào."))
        return typed

    def _saved(self, saved: services.Saved) -> HttpResponse:
        text = self.done if saved.is_changed else _("Không có gì thay đổi.")
        if saved.theirs:
            now = self.section.texts_of(saved.row)
            text += " " + _(
                "Trong lúc đồng chí sửa, mục sau đã được người khác đổi và được giữ: %(fields)s."
            ) % {"fields": merge_words(saved.theirs, now, names_of(self.section.fields, now))}
        messages.success(self.request, text)
        return _after(self.request, self.cadre, section_url(self.cadre, self.section))

    def _conflict(self, conflict: services.EditConflict) -> HttpResponse:
        """The form again: mine in the fields, theirs beside those that both changed."""
        texts = conflict.merge.texts
        base = Base(
            texts=conflict.now,
            asked={one.field.key: one.before for one in conflict.merge.conflicts},
        )
        names = names_of(self.fields, texts)
        parts = [("", self.fields)]
        titles = title_list(self.actor) if any(f.kind == "title" for f in self.fields) else ()
        form = FileForm(parts, shown_texts(self.fields, texts, names), titles=titles)
        theirs = [one for one in conflict.merge.theirs if one in self.fields]
        taken = merge_words(theirs, conflict.now, names_of(theirs, conflict.now))
        return self.render(form, base, status=409, taken=taken)

    def render(
        self, form: FileForm, base: Base, *, status: int = 200, taken: str = ""
    ) -> HttpResponse:
        """The page of the form."""
        edit = last_edit(self.section.model, self._event_pk()) if base.asked or taken else None
        typed = form.typed if form.is_bound else {}
        conflicts = [
            FieldConflict(
                field=self.section.by_key[key],
                before=before,
                mine=typed.get(key, ""),
                theirs=base.texts[key],
            )
            for key, before in base.asked.items()
        ]
        all_texts = [{c.field.key: t} for c in conflicts for t in (c.before, c.mine, c.theirs)]
        context = {
            **_frame(self.actor, self.cadre, self.section),
            **self.words,
            **form_context(
                self.actor,
                form,
                self.fields,
                token=base.signed(cadre=self.cadre, section=self.section, pk=self.pk),
                keep=f"{self.cadre.code}:{self.section.slug}:{self.pk or ''}",
                groups=self.section.groups,
                conflicts=conflict_rows(
                    conflicts,
                    names_of(self.fields, *all_texts),
                    edit=edit,
                    picked=self.request.POST.dict(),
                ),
            ),
            "back_url": section_url(self.cadre, self.section)
            if self.section.is_many
            else reverse("cadres:cadre-detail", args=[self.cadre.code]),
            "taken": taken,
            "last_edit": edit,
        }
        return render(self.request, "cadres/edit/form.html", context, status=status)

    def _event_pk(self) -> int | None:
        return self.row.pk if self.row is not None else self.cadre.pk


# ---- A new file ------------------------------------------------------------------------------


@_SAFE_OR_POST
def cadre_add(request: HttpRequest) -> HttpResponse:
    """Hồ sơ mới; asks once more when somebody of that name and birth date has a file already."""
    actor = _actor(request)
    require(can_add_cadre(actor))
    parts = [("", IDENTITY.fields), (services.POST, _FIRST_POST)]
    titles = title_list(actor)
    alike: list[Cadre] = []
    sure = SureForm()
    status = 200
    if request.method == "POST":
        form = FileForm(parts, request.POST, titles=titles, with_code=True)
        sure = SureForm(request.POST)
        typed = form.typed
        alike = cadres_alike(
            actor, full_name=typed.get("full_name", ""), birth_text=typed.get("birth_date", "")
        )
        if not _is_free_address(typed.get("code", "")):
            form.add_error(
                "code", _("Số hiệu này trùng với một từ của cổng. Hãy ghi số hiệu khác.")
            )
        elif not alike or sure.is_valid():
            try:
                cadre = services.cadre_add(actor=actor, code=typed.get("code", ""), typed=typed)
            except ValidationError as error:
                form.refuse(error)
            else:
                messages.success(request, _("Đã mở hồ sơ %(name)s.") % {"name": cadre.full_name})
                return redirect(
                    reverse("cadres:cadre-edit-section", args=[cadre.code, "chi-tiet"]) + SAVED
                )
        status = 422
    else:
        form = FileForm(parts, titles=titles, with_code=True)
    names = [name for name in form.fields if not name.startswith(services.POST)]
    post = [name for name in form.fields if name.startswith(services.POST)]
    context = {
        **form_context(
            actor,
            form,
            [*IDENTITY.fields, *_FIRST_POST],
            token="",
            keep="moi",
            groups=[(_("Thông tin chung"), names), (_("Chức vụ đang giữ"), post)],
        ),
        "crumbs": [
            {"label": _("Hồ sơ"), "url": reverse("cadres:cadre-list")},
            {"label": _("Hồ sơ mới"), "url": ""},
        ],
        "alike": [
            {
                "cadre": cadre,
                "url": reverse("cadres:cadre-detail", args=[cadre.code]),
                "birth": IDENTITY.by_key["birth_date"].text_of(cadre),
            }
            for cadre in alike
        ],
        "sure": sure,
        "submit": _("Mở hồ sơ"),
        "back_url": reverse("cadres:cadre-list"),
    }
    return render(request, "cadres/edit/new.html", context, status=status)


def _is_free_address(code: str) -> bool:
    """Whether a file of that code would have its own page: some words are pages already."""
    if not code.strip() or "/" in code:
        return True  # refused elsewhere, with better words
    address = reverse("cadres:cadre-detail", args=[code.strip()])
    return resolve(address).url_name == "cadre-detail"
