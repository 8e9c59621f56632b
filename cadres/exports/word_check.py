"""A Word template that somebody brings: whether it may be used, and what is wrong with it, where.

It is read in three ways: as a file (a Word document that runs and fetches nothing), as words (only
fields that there are, only what a template needs), and filled once for trial.
"""

from __future__ import annotations

import difflib
import io
import re
import xml.etree.ElementTree as ElementTree
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from jinja2 import TemplateError, TemplateSyntaxError, nodes

from cadres.exports.word import WORDS, WordTemplate, render_word
from cadres.exports.word_fields import Field

MOST_BYTES = 5 * 1024 * 1024
#: What a file may come to when it is unpacked, and how many parts it may have.
_MOST_UNPACKED, _MOST_PARTS = 60 * 1024 * 1024, 2_000
_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_FILTERS = frozenset(
    ("upper", "lower", "capitalize", "trim", "length", "count", "join", "default", "d", "first")
)
_LOOP = ("index", "index0", "first", "last", "length")
#: What a template is made of; anything else it has no business to say.
_PLAIN = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Const,
    nodes.If,
    nodes.Compare,
    nodes.Operand,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.CondExpr,
    nodes.Concat,
    nodes.Test,
)
_SHOWN = 90


@dataclass(frozen=True)
class Problem:
    """What is wrong, as a sentence; `place`: where, "" for the whole file."""

    text: str
    place: str = ""


@dataclass(frozen=True)
class Checked:
    """What was found; `used`: names of the fields that the template names, in their order."""

    problems: list[Problem] = field(default_factory=list)
    used: list[str] = field(default_factory=list)


def check_template(body: bytes, fields: Sequence[Field], sample: Mapping[str, Any]) -> Checked:
    """Everything that is wrong with a template; `sample`: values to fill it with for trial."""
    found = _check_file(body)
    if found:
        return Checked([found])
    template = WordTemplate(io.BytesIO(body))
    reader = _Reader({each.key: each for each in fields})
    for where, source in _sources(template):
        reader.read(where, source)
    if not reader.problems:
        reader.problems += _try_out(body, sample)
    return Checked(reader.problems, list(reader.used))


# ---- The file --------------------------------------------------------------------------------


def _check_file(body: bytes) -> Problem | None:
    if len(body) > MOST_BYTES:
        return Problem(_("Tệp nặng hơn 5 MB. Hãy bỏ bớt hình trong mẫu."))
    not_word = Problem(
        _("Đây không phải là tệp Word (.docx). Hãy mở mẫu bằng Word và lưu lại dạng .docx.")
    )
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as package:
            parts = package.infolist()
            if len(parts) > _MOST_PARTS or sum(p.file_size for p in parts) > _MOST_UNPACKED:
                return Problem(_("Tệp quá lớn khi mở ra, không dùng làm mẫu được."))
            names = {part.filename for part in parts}
            if "word/document.xml" not in names:
                return not_word
            if any(name.lower().endswith(("vbaproject.bin", ".exe", ".ole")) for name in names):
                return Problem(_("Mẫu có macro. Hãy lưu lại dạng .docx không có macro."))
            for name in sorted(names):
                if name.endswith(".rels") and _fetches(package.read(name)):
                    return Problem(
                        _(
                            "Mẫu nối với tệp ở ngoài (hình, mẫu gốc hoặc đối tượng liên kết). Hãy"
                            " chèn hẳn hình vào mẫu, bỏ liên kết rồi tải lên lại."
                        )
                    )
        WordTemplate(io.BytesIO(body)).get_docx()
    except (zipfile.BadZipFile, ElementTree.ParseError, KeyError, ValueError, OSError):
        return not_word
    except Exception:  # whatever a broken package makes the reader of Word files raise
        return not_word
    return None


def _fetches(relations: bytes) -> bool:
    """Whether something outside is fetched when the file is opened; a link waits for a click."""
    if b"<!DOCTYPE" in relations or b"<!ENTITY" in relations:
        return True
    root = ElementTree.fromstring(relations)  # noqa: S314 - no entities, asked above
    return any(
        each.get("TargetMode") == "External" and not str(each.get("Type")).endswith("/hyperlink")
        for each in root.iter(_RELATION)
    )


# ---- The words -------------------------------------------------------------------------------


def _sources(template: WordTemplate) -> Iterator[tuple[str, str]]:
    """Every place where a template may say something, as Jinja reads it."""
    template.init_docx()
    yield "", template.patch_xml(_lines(template.get_xml()))
    for uri, where in (
        (template.HEADER_URI, _("đầu trang")),
        (template.FOOTER_URI, _("cuối trang")),
    ):
        for _key, part in template.get_headers_footers(uri):
            yield where, template.patch_xml(_lines(template.get_part_xml(part)))
    properties = template.docx.core_properties
    for name in ("author", "comments", "identifier", "language", "subject", "title"):
        yield _("thuộc tính của tệp"), getattr(properties, name) or ""


def _lines(source: str) -> str:
    """A line for each paragraph, so that what is wrong can be said of one, as Word counts them."""
    return re.sub(r"<w:p([ >])", r"\n<w:p\1", source.replace("\n", " "))


#: An entry of a list of texts, and what is not known.
_TEXT, _UNKNOWN = Field("", ""), Field("?", "")
_LOOP_FIELD = Field("loop", "", of=tuple(Field(name, "") for name in _LOOP))
Scope = Mapping[str, Field]


@dataclass
class _Reader:
    """Reads what a template says; problems and fields used are added up."""

    fields: Scope
    problems: list[Problem] = field(default_factory=list)
    used: dict[str, None] = field(default_factory=dict)
    _lines: list[str] = field(default_factory=list)
    _where: str = ""

    def read(self, where: str, source: str) -> None:
        self._where, self._lines = where, source.split("\n")
        try:
            tree = WORDS.parse(source)
        except TemplateSyntaxError as error:
            self.problems.append(Problem(_syntax_words(error), self._place(error.lineno)))
            return
        self._body(tree.body, self.fields)

    def _place(self, line: int) -> str:
        """The paragraph at a line, by its number and its words."""
        number = min(line, len(self._lines)) - 1
        words = re.sub(r"<[^>]+>", "", self._lines[number]).strip()
        if len(words) > _SHOWN:
            words = f"{words[:_SHOWN]}…"
        place = _("đoạn %(n)s") % {"n": number} if number else ""
        return " ".join(filter(None, [self._where, place, f"“{words}”" if words else ""]))

    def _wrong(self, node: nodes.Node, text: str) -> None:
        self.problems.append(Problem(text, self._place(node.lineno)))

    def _body(self, body: Sequence[nodes.Node], scope: Scope) -> None:
        for node in body:
            self._node(node, scope)

    def _node(self, node: nodes.Node, scope: Scope) -> None:
        if isinstance(node, nodes.Output):
            self._output(node, scope)
        elif isinstance(node, nodes.For):
            self._for(node, scope)
        elif isinstance(node, nodes.Name | nodes.Getattr | nodes.Getitem):
            self._named(node, scope)
        elif (isinstance(node, nodes.Filter) and node.name in _FILTERS) or isinstance(node, _PLAIN):
            self._children(node, scope)
        else:
            what = getattr(node, "name", "") or type(node).__name__.lower()
            self._wrong(
                node,
                _("Không dùng được “%(what)s” trong mẫu; chỉ dùng trường, for, if.")
                % {"what": what},
            )

    def _children(self, node: nodes.Node, scope: Scope) -> None:
        self._body(list(node.iter_child_nodes()), scope)

    def _output(self, node: nodes.Output, scope: Scope) -> None:
        before = ""
        for each in node.nodes:
            if isinstance(each, nodes.TemplateData):
                before = each.data
                continue
            found = self._value(each, scope)
            if found and found.is_list:
                self._wrong(
                    each,
                    _("“%(name)s” là danh sách: hãy viết {%%p for x in %(name)s %%} … {{ x }} …"
                      " {%%p endfor %%}.")
                    % {"name": found.key},
                )  # fmt: skip
            elif found and found.is_table and before.rfind("<w:t") > before.rfind("</w:t>"):
                self._wrong(
                    each,
                    _("“%(name)s” là bảng: hãy viết {{p %(name)s }} ở một đoạn riêng.")
                    % {"name": found.key},
                )
            elif found and found.of and not found.is_list:
                self._wrong(
                    each,
                    _("Cần nói rõ mục nào của “%(name)s”: %(keys)s.")
                    % {"name": found.key, "keys": ", ".join(each.key for each in found.of)},
                )

    def _value(self, node: nodes.Node, scope: Scope) -> Field | None:
        """What is written out: a field, or None for anything worked out of fields."""
        if isinstance(node, nodes.Name | nodes.Getattr | nodes.Getitem):
            return self._named(node, scope)
        self._node(node, scope)
        return None

    def _for(self, node: nodes.For, scope: Scope) -> None:
        found = self._value(node.iter, scope)
        entry = _UNKNOWN
        if found and found is not _UNKNOWN:
            if not found.is_list:
                self._wrong(
                    node, _("“%(name)s” không phải là danh sách.") % {"name": found.key or "for"}
                )
            else:
                entry = Field(found.key, "", of=found.of) if found.of else _TEXT
        if not isinstance(node.target, nodes.Name):
            self._wrong(node, _("Sau “for” chỉ viết một tên."))
            return
        inner = {**scope, node.target.name: entry, "loop": _LOOP_FIELD}
        if node.test:
            self._node(node.test, inner)
        self._body(node.body, inner)
        self._body(node.else_, scope)

    def _named(self, node: nodes.Node, scope: Scope) -> Field:
        if isinstance(node, nodes.Name):
            found = scope.get(node.name)
            if found is None:
                self._unknown(node, node.name, list(scope))
                return _UNKNOWN
            if self.fields.get(node.name) is found:
                self.used[node.name] = None
            return found
        inner = getattr(node, "node", None)
        if not isinstance(inner, nodes.Name | nodes.Getattr | nodes.Getitem):
            self._wrong(node, _("Không viết được như thế trong mẫu."))
            return _UNKNOWN
        base = self._named(inner, scope)
        if base is _UNKNOWN:
            return base
        return self._inside(node, base)

    def _inside(self, node: nodes.Node, base: Field) -> Field:
        """What `base.name` or `base[0]` is."""
        name: Any = getattr(node, "attr", None)
        if isinstance(node, nodes.Getitem):
            name = node.arg.value if isinstance(node.arg, nodes.Const) else None
        if base.is_list and isinstance(name, int):
            return Field(base.key, "", of=base.of) if base.of else _TEXT
        found = None if base.is_list else next((f for f in base.of if f.key == name), None)
        if found is None:
            self._unknown(node, f"{base.key}.{name}", [f"{base.key}.{f.key}" for f in base.of])
            return _UNKNOWN
        return found

    def _unknown(self, node: nodes.Node, name: str, known: Sequence[str]) -> None:
        near = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
        text = _("Không có trường “%(name)s”.") % {"name": name}
        if near:
            text += " " + _("Có phải là “%(near)s” không?") % {"near": near[0]}
        self._wrong(node, text)


def _syntax_words(error: TemplateSyntaxError) -> str:
    """The sentences of Jinja in words for an office."""
    message = error.message or ""
    missing = re.search(r"looking for the following tags: (.*?)\.", message)
    unknown = re.search(r"unknown tag '(\w+)'", message)
    if missing:
        tags = re.sub(r"'(\w+)'", r"“\1”", missing[1]).replace(" or ", _(" hoặc "))
        return _("Thiếu %(tags)s; mỗi for, if đều phải có endfor, endif.") % {"tags": tags}
    if unknown and unknown[1].startswith("end"):
        return _("“%(tag)s” đóng lại một lệnh chưa mở.") % {"tag": unknown[1]}
    if unknown:
        return _("Không có lệnh “%(tag)s”; chỉ dùng for, if, elif, else, endif, endfor.") % {
            "tag": unknown[1]
        }
    return _("Lệnh viết chưa đúng; hãy xem lại dấu {{ }} và {%% %%}.") % {}


# ---- Trial -----------------------------------------------------------------------------------


def _try_out(body: bytes, sample: Mapping[str, Any]) -> list[Problem]:
    """Fill it once: what comes out has to be a document again."""
    template = WordTemplate(io.BytesIO(body))
    template.render_init()
    try:
        ElementTree.fromstring(template.build_xml(dict(sample), WORDS))  # noqa: S314 - our own
        render_word("", sample, template=io.BytesIO(body))
    except ElementTree.ParseError:
        return [
            Problem(
                _(
                    "Điền vào thì văn bản hỏng: một lệnh for, if mở ở chỗ này mà đóng ở chỗ khác."
                    " Trong bảng dùng {%tr … %} cho cả dòng, ngoài bảng dùng {%p … %} cho cả đoạn."
                )
            )
        ]
    except (TemplateError, TypeError, ValueError, KeyError) as error:
        return [Problem(_("Điền thử không được: %(error)s.") % {"error": error})]
    return []
