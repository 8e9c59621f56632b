"""What the loader of law files refuses, and that it says where."""

import shutil
from pathlib import Path

import pytest

from compliance.checks import check_law
from compliance.law import LawError, load_law, read_law
from compliance.law.loader import FOLDER, bound_of, file_name

SOURCES = """
known_on: 2026-01-01
sources:
  - {id: old, number: "1-QĐ/TW", title: Cũ, issued: 2010-01-01, in_force_from: 2010-01-01,
     in_force_to: 2019-12-31, confidence: read}
  - {id: new, title: Mới, issued: 2020, in_force_from: 2020-01-01, replaces: [old],
     confidence: recalled}
  - {id: vague, title: Không rõ, issued: "?", in_force_from: "?", in_force_to: "?",
     confidence: second-hand}
"""
LEVELS = """
levels:
  - code: province
  - {code: district, to: 2025-06-30, citations: [{source: new, confidence: read}]}
  - code: commune
"""
GROUPS = """
citations: [{source: vague, confidence: recalled}]
majority: "01"
groups: {"01": Kinh, "02": Tày}
aliases: {Thổ: "02"}
"""
RETIREMENT = """
id: retirement.age_months
parameters:
  - {sex: male, label: Nam, short_label: Nam, unit: months, bound: limit, phrase: "{value}"}
  - {sex: female, label: Nữ, short_label: Nữ, unit: months, bound: limit, phrase: "{value}"}
periods:
  - from: 2010-01-01
    to: 2019-12-31
    citations: [{source: old, confidence: read}]
    months: {male: {1900: 720, 2015: 723}, female: {1900: 660}}
"""
HEAD = """
id: planning.share.minimum
label: Tỷ lệ
short_label: Tỷ lệ
unit: percent
bound: minimum
phrase: "≥ {value} %"
"""
ENTRY = """
  - from: 2020-01-01
    levels: {province: 25}
    citations: [{source: new, at: "Điều 1", confidence: read}]
"""
PARAMETER = f"{HEAD}values:{ENTRY}"
PATH = "planning/share_minimum.yaml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a small folder of law files that is in order."""
    files = {
        "sources.yaml": SOURCES,
        "levels.yaml": LEVELS,
        "ethnic_groups.yaml": GROUPS,
        "retirement_age.yaml": RETIREMENT,
        PATH: PARAMETER,
    }
    for name, text in files.items():
        write(tmp_path, name, text)
    return tmp_path


def write(folder: Path, name: str, text: str) -> None:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")


def refusal(folder: Path) -> str:
    with pytest.raises(LawError) as caught:
        read_law(folder)
    return str(caught.value)


def entry(**changes: str) -> str:
    """Return a parameter file with one entry, whose keys are replaced, added or left out ("")."""
    keys = {
        "from": "2020-01-01",
        "levels": "{province: 25}",
        "citations": "[{source: new, confidence: read}]",
    } | {key.rstrip("_"): text for key, text in changes.items()}
    lines = [f"    {key}: {text}" for key, text in keys.items() if text]
    return f"{HEAD}values:\n  -\n" + "\n".join(lines)


def test_a_folder_in_order_is_read(folder: Path) -> None:
    law = read_law(folder)
    (value,) = law.values("planning.share.minimum")
    assert (value.level, value.value, value.in_force_to) == ("province", 25, None)
    assert value.citations[0].as_dict() == {"source": "new", "at": "Điều 1", "confidence": "read"}
    assert law.sources["new"].issued == "2020"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param(PARAMETER + "\ncolour: red", "unknown key 'colour'", id="unknown key"),
        pytest.param(entry(colour="red"), "values 1: unknown key 'colour'", id="key of an entry"),
        pytest.param(
            entry(citations="[{source: new, confidence: read, page: 3}]"),
            "citations 1: unknown key 'page'",
            id="key of a citation",
        ),
        pytest.param(
            PARAMETER.replace("percent", "per cent"), "unit 'per cent' is unknown", id="unit"
        ),
        pytest.param(
            entry(levels="{region: 25}"), "the level 'region' is unknown", id="unknown level"
        ),
        pytest.param(
            PARAMETER.replace("confidence: read", "confidence: sure"),
            "confidence 'sure' is unknown; it should be one of read, second-hand, recalled",
            id="unknown confidence",
        ),
        pytest.param(PARAMETER + "\nunit: years", "the key 'unit' stands twice", id="key twice"),
        pytest.param(
            entry(levels="{province: 25, province: 30}"),
            "the key 'province' stands twice",
            id="level twice",
        ),
        pytest.param(
            PARAMETER + ENTRY, "province has two entries from 2020-01-01", id="two answers"
        ),
        pytest.param(
            PARAMETER + ENTRY.replace("2020", "2022"),
            "province overlaps the entry from 2020-01-01",
            id="overlap",
        ),
        pytest.param(
            PARAMETER + "\n  - {from: 2022-01-01, levels: {province: null}}",
            "province overlaps the entry from 2020-01-01",
            id="silence over a value",
        ),
        pytest.param(
            entry(overlaps="Lý do"),
            "overlaps is given, but nothing overlaps",
            id="needless overlap",
        ),
        pytest.param(entry(citations=""), "a value needs a citation", id="no citation"),
        pytest.param(
            PARAMETER.replace("source: new", "source: newest"),
            "the source newest is not listed",
            id="unknown source",
        ),
        pytest.param(
            entry(citations="[{source: new, confidence: read, via: gossip}]"),
            "the source gossip is not listed",
            id="unknown via",
        ),
        pytest.param(
            entry(from_="2019-12-31"),
            "province is dated before new is in force (2020-01-01)",
            id="before its source",
        ),
        pytest.param(
            entry(from_="2012-01-01", citations="[{source: old, confidence: read}]"),
            "province goes on after old ended (2019-12-31)",
            id="after its source",
        ),
        pytest.param(
            entry(outside_source="Lý do"),
            "outside_source is given, but the sources cover",
            id="needless exception",
        ),
        pytest.param(
            entry(levels="{district: 25}"),
            "there is no district level after 2025-06-30",
            id="district left open",
        ),
        pytest.param(
            entry(levels="{district: 25}", to="2025-12-31"),
            "there is no district level after 2025-06-30",
            id="district too long",
        ),
        pytest.param(
            entry(levels="{district: null}", citations=""),
            "there is no district level after 2025-06-30",
            id="silence too long",
        ),
        pytest.param(
            entry(to="2025-01-01", to_by_level="{province: 2025-06-01}"),
            "ends on 2025-01-01, before it starts on 2025-06-01",
            id="level ends after the entry",
        ),
        pytest.param(
            entry(to_by_level="{commune: 2025-06-01}"), "to_by_level names", id="end without value"
        ),
        pytest.param(
            entry(to_by_level="{province: soon}"), "should be a date, not 'soon'", id="no date"
        ),
        pytest.param(entry(to="2019-01-01"), "before it starts", id="ends before it starts"),
        pytest.param(entry(from_=""), "from is missing", id="no start"),
        pytest.param(entry(levels=""), "levels is missing", id="no level"),
        pytest.param(entry(from_="2020"), "from should be a date, not 2020", id="bare year"),
        pytest.param(
            entry(levels="{province: 25.5}"), "a whole number or null, not 25.5", id="fraction"
        ),
        pytest.param(
            entry(levels="{province: true}"), "a whole number or null, not True", id="flag"
        ),
        pytest.param(entry(levels="{province: 0}"), "a whole number or null, not 0", id="nought"),
        pytest.param(
            entry(suggested="20"), "suggested stands beside null only", id="suggested value"
        ),
        pytest.param(
            PARAMETER.replace("bound: minimum", "bound: maximum"),
            "bound should be minimum, as the id says",
            id="bound against the name",
        ),
        pytest.param(
            PARAMETER.replace("{value} %", "25 %"), "phrase should contain {value}", id="phrase"
        ),
        pytest.param(PARAMETER.replace("label: Tỷ lệ\n", "", 1), "label is missing", id="label"),
        pytest.param("- a list", "expected keys and values", id="a list"),
        pytest.param("id: [", "cannot be read", id="broken YAML"),
        pytest.param("id: !!python/name:os.system x", "cannot be read", id="unsafe YAML"),
    ],
)
def test_a_parameter_file_is_refused(folder: Path, text: str, message: str) -> None:
    write(folder, PATH, text)
    said = refusal(folder)
    assert said.startswith(PATH)
    assert message in said


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        ("sources.yaml", "id: vague", "id: new", "the source new stands twice"),
        ("sources.yaml", "[old]", "[older]", "new replaces older, which is not listed"),
        ("sources.yaml", "issued: 2020,", "issued: soon,", "(new): issued should be a date"),
        ("sources.yaml", "issued: 2020,", "", "(new): issued should be a date"),
        ("sources.yaml", "in_force_from: 2020-01-01,", "", "in_force_from is missing"),
        ("sources.yaml", "2019-12-31", "2009-12-31", "(old): ends on 2009-12-31"),
        ("sources.yaml", "title: Cũ", "name: Cũ", "title is missing"),
        (
            "sources.yaml",
            "confidence: recalled",
            "confidence: none",
            "confidence 'none' is unknown",
        ),
        ("sources.yaml", "known_on: 2026-01-01", "", "known_on is missing"),
        ("levels.yaml", "code: commune", "code: province", "the level province stands twice"),
        ("levels.yaml", ", citations: [{source: new, confidence: read}]", "", "needs a citation"),
        ("ethnic_groups.yaml", 'majority: "01"', 'majority: "03"', "'03' is not listed"),
        ("ethnic_groups.yaml", '"02": Tày', "2: Tày", "2: 'Tày' is not a quoted two-digit code"),
        ("ethnic_groups.yaml", 'Thổ: "02"', 'Thổ: "09"', "'09' is not listed"),
        ("ethnic_groups.yaml", "[{source: vague, confidence: recalled}]", "[]", "needs a citation"),
        ("retirement_age.yaml", "1900: 660", "1900: x", "female 1900: 'x' is not a year"),
        ("retirement_age.yaml", "2015: 723", "2030: 723", "male 2030 is after the period"),
        ("retirement_age.yaml", "[{source: old, confidence: read}]", "[]", "needs a citation"),
        ("retirement_age.yaml", "to: 2019-12-31", "to: 2020-12-31", "goes on after old ended"),
        ("retirement_age.yaml", "sex: female", "sex: unknown", "sex 'unknown' is unknown"),
        ("retirement_age.yaml", "sex: female", "sex: male", "stands twice"),
    ],
)
def test_a_shared_file_is_refused(
    folder: Path, name: str, old: str, new: str, message: str
) -> None:
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    write(folder, name, text.replace(old, new))
    said = refusal(folder)
    assert said.startswith(name)
    assert message in said


@pytest.mark.parametrize("name", ["planning/share.yaml", "share_minimum.yaml", "planning/x.yml"])
def test_a_file_not_named_after_its_parameter_is_refused(folder: Path, name: str) -> None:
    (folder / PATH).rename(folder / name)
    assert refusal(folder) == f"{name}: planning.share.minimum belongs in {PATH}"


def test_a_missing_file_is_refused(folder: Path) -> None:
    (folder / "levels.yaml").unlink()
    assert refusal(folder).startswith("levels.yaml: cannot be read")


def test_problems_of_several_files_come_together(folder: Path) -> None:
    write(folder, PATH, entry(from_=""))
    write(folder, "planning/other.yaml", "id: planning.other")
    with pytest.raises(LawError) as caught:
        read_law(folder)
    assert len(caught.value.problems) == 2


def test_an_overlap_with_its_reason_is_read_and_the_reason_is_shown(folder: Path) -> None:
    second = ENTRY.replace("2020", "2022").replace("25", "30") + '    overlaps: "Lý do"\n'
    write(folder, PATH, PARAMETER + second)
    law = read_law(folder)
    later = law.values("planning.share.minimum")[1]
    assert law.in_force("planning.share.minimum", "province", later.in_force_from) == later
    assert later.note == "Lý do"


def test_a_value_outside_its_source_is_read_with_its_reason(folder: Path) -> None:
    changes = {"from_": "2012-01-01", "citations": "[{source: old, confidence: read}]"}
    write(folder, PATH, entry(**changes, outside_source="Lý do"))
    assert read_law(folder).values("planning.share.minimum")[0].note == "Lý do"


def test_a_source_of_unknown_dates_limits_nothing(folder: Path) -> None:
    write(folder, PATH, entry(from_="1999-01-01", citations="[{source: vague, confidence: read}]"))
    assert len(read_law(folder).values("planning.share.minimum")) == 1


def test_a_shared_entry_may_end_earlier_at_one_level(folder: Path) -> None:
    ends = "{district: 2025-06-30}"
    write(folder, PATH, entry(levels="{province: 25, district: 25}", to_by_level=ends))
    province, district = read_law(folder).values("planning.share.minimum")
    assert province.in_force_to is None
    assert str(district.in_force_to) == "2025-06-30"


def test_the_fingerprint_follows_the_content_only(folder: Path) -> None:
    before = read_law(folder).fingerprint
    write(folder, PATH, PARAMETER + "\n# a remark")
    assert read_law(folder).fingerprint == before
    write(folder, PATH, PARAMETER.replace("25", "26"))
    assert read_law(folder).fingerprint != before


def test_the_fingerprint_of_the_release_is_that_of_its_files(tmp_path: Path) -> None:
    copy = shutil.copytree(FOLDER, tmp_path / "law", ignore=shutil.ignore_patterns("__pycache__"))
    assert read_law(copy).fingerprint == load_law().fingerprint
    assert len(load_law().fingerprint) == 64
    assert load_law() is load_law()


def test_names_of_files_and_bounds() -> None:
    assert file_name("planning.women_share.minimum") == "planning/women_share_minimum.yaml"
    assert bound_of("planning.women_share.minimum") == "minimum"
    assert bound_of("rotation.head_terms.maximum") == "maximum"
    assert bound_of("planning.young_share.age_below") == "limit"


def test_the_system_check_reports_each_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    assert check_law(None) == []

    def broken() -> None:
        raise LawError("a.yaml: wrong", "b.yaml: wrong")

    monkeypatch.setattr("compliance.checks.load_law", broken)
    assert [(error.id, error.msg) for error in check_law(None)] == [
        ("compliance.E001", "a.yaml: wrong"),
        ("compliance.E001", "b.yaml: wrong"),
    ]
