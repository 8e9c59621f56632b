"""The whole set of papers of an inspection of 60 units with 3,000 people each, as one file.

Bar: under 20 s, memory bounded. Run as a program of its own: it works in another database, which
it removes. What is frozen is multiplied from that of real plans, so that it is as large.
"""

import os
import random
import resource
import time
import zipfile
from typing import Any

UNITS, PLANS, PEOPLE = 60, 30, 100
LIMIT = 20
#: 10,000 of two million cadres: plans to take contents from.
SCALE = 0.005


def main() -> None:
    """Make the inspection, take its set three times, print how long and how large."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
    os.environ["BENCH_DATABASE"] = "portal_bench_inspection"
    import django

    django.setup()
    from benchmarks.country import country, size

    with country(SCALE, keep=False):
        print(size(), flush=True)
        actor, inspection = _inspection()
        base = _memory()
        for _round in range(3):
            clock, processor, server, bytes_made, files = _set(actor, inspection)
            print(
                f"set of {UNITS} units x {PLANS * PEOPLE} people: {clock:.1f} s by the clock"
                f" (wanted < {LIMIT}), {processor:.1f} s of the process, {server:.1f} s of the"
                f" server; {files} files, {bytes_made / 1e6:.1f} MB;"
                f" memory {base} -> {_memory()} MB",
                flush=True,
            )


def _memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _set(actor: Any, inspection: Any) -> tuple[float, float, float, int, int]:
    from django.db import connection, transaction

    from inspections.exports.bundle import set_file

    asked = {"inspection": inspection.pk, "formats": ["docx", "pdf"], "annexes": True}
    connection.ensure_connection()
    server = _ticks(connection.connection.info.backend_pid)
    clock, processor = time.perf_counter(), time.process_time()
    with transaction.atomic():
        response = set_file(actor, asked)
    took = time.perf_counter() - clock, time.process_time() - processor
    of_server = _ticks(connection.connection.info.backend_pid) - server
    file = response.file_to_stream
    with zipfile.ZipFile(file) as made:
        files = len(made.namelist())
    file.seek(0, os.SEEK_END)
    size = file.tell()
    response.close()
    return (*took, of_server, size, files)


def _ticks(pid: int) -> float:
    """Processor seconds of a process so far; 0 where the system does not tell."""
    try:
        with open(f"/proc/{pid}/stat") as stat:
            fields = stat.read().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


# ---- What is inspected -----------------------------------------------------------------------


def _inspection() -> tuple[Any, Any]:
    from cadre_portal.common import clock
    from cadres.models import Unit, User
    from inspections.models import Evidence, EvidenceTaking, InspectedUnit, Inspection

    today = clock.today()
    actor = User.objects.create_superuser("do-toc-do")
    root = Unit.objects.filter(depth=1).order_by("path").first()
    inspection = Inspection.objects.create(
        name="Kiểm tra công tác quy hoạch", unit=root, decision_no="1-QĐ/TU", decision_on=today,
        issuer="Ban Thường vụ Tỉnh ủy", subject="Quy hoạch", law_examined="377-QĐ/TW",
        period_from=today, period_to=today, starts_on=today, ends_on=today, evidence_on=today,
        stage="verifying", created_by=actor,
    )  # fmt: skip
    units = [
        InspectedUnit.objects.create(inspection=inspection, unit=unit, place=place)
        for place, unit in enumerate(Unit.objects.exclude(pk=root.pk).order_by("path")[:UNITS])
    ]
    taking = EvidenceTaking.objects.create(
        inspection=inspection, as_of=today, law_fingerprint="", state="ready",
        done=UNITS, total=UNITS, finished_at=clock.now(),
    )  # fmt: skip
    plans, contents = _contents(today)
    chance = random.Random(7)
    for unit in units:
        Evidence.objects.bulk_create(
            [
                Evidence(
                    taking=taking,
                    inspected_unit=unit,
                    plan=plan,
                    title=f"Quy hoạch {plan.unit}",
                    content=_multiplied(chance.choice(contents), f"{unit.pk}-{plan.pk}", chance),
                    digest="0" * 64,
                    taken_at=clock.now(),
                )
                for plan in plans
            ],
            batch_size=10,
        )
        _write(inspection, unit, today)
    return actor, inspection


def _contents(today: Any) -> tuple[list[Any], list[dict[str, Any]]]:
    """Plans to hang evidence on, and the frozen contents of some of them."""
    from django.db.models import Count

    from inspections.services.evidence import plan_content
    from planning.models import Plan

    plans = list(Plan.objects.annotate(size=Count("pools__nominations")).order_by("-size")[:PLANS])
    return plans, [plan_content(plan, today) for plan in plans[:3]]


def _multiplied(content: dict[str, Any], name: str, chance: random.Random) -> dict[str, Any]:
    """As much as a plan with PEOPLE people has: each of them a copy with their own results."""
    own: dict[tuple[Any, Any], list[dict[str, Any]]] = {}
    for each in content["findings"]:
        if each["subject"] == "nomination":
            own.setdefault((each["pool"], each["cadre"]), []).append(each)
    people, findings = [], [f for f in content["findings"] if f["subject"] != "nomination"]
    for number in range(PEOPLE):
        person = chance.choice(content["people"])
        code = f"{name}-{number}"
        people.append({**person, "code": code})
        findings += [
            {**each, "cadre": code, "key": f"{each['key']}-{code}"}
            for each in own.get((person["pool"], person["code"]), ())
        ]
    return {"findings": findings, "people": people, "figures": content["figures"]}


def _write(inspection: Any, unit: Any, today: Any) -> None:
    """What the team wrote about a unit."""
    from inspections.models import Finding, Minutes

    Minutes.objects.create(
        inspection=inspection, inspected_unit=unit, kind="working", held_on=today,
        participants="Đoàn kiểm tra\nĐơn vị", text="Trao đổi về báo cáo.", is_signed=True,
        team_signed_by_id=inspection.created_by_id, team_signed_on=today,
        unit_signer="Lãnh đạo đơn vị", unit_signed_on=today,
    )  # fmt: skip
    for place, (kind, topic) in enumerate((("strength", "women"), ("shortcoming", "ages"))):
        Finding.objects.create(
            inspection=inspection, inspected_unit=unit, kind=kind, topic=topic, place=place,
            text="Quy hoạch nhiệm kỳ 2025–2030 chưa bảo đảm cơ cấu ba độ tuổi.", state="approved",
        )  # fmt: skip


if __name__ == "__main__":
    main()
