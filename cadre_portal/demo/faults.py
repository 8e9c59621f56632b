"""Which plan of the present term is to have which faults.

The mixture is that of a believable province: about a third of the plans meet everything, plans of
communes are worse than those of provincial bodies, most often in ages, women and openness.
"""

from random import Random

#: What can be wrong with a plan. Names say what the shaper makes, not which rule notices.
NO_YOUNG = "no_young"  # nobody in the young band
NO_SENIOR = "no_senior"
FEW_YOUNG = "few_young"  # somebody young, but under the share
FEW_WOMEN = "few_women"
FEW_MINORITY = "few_minority"
CLOSED = "closed"  # nobody from elsewhere
NUMBER = "number"  # a pool too small or too large
STANDARD = "standard"  # theory under the title's standard
REVIEW = "review"  # yearly review overdue
SERVICE = "service"  # too near to retirement
HIGHER = "higher"  # planned for a title that is not higher
TITLES = "titles"  # one person in too many pools
DISCIPLINE = "discipline"
GRADE = "grade"  # failed last year's tasks
BALLOT = "ballot"
LINEAGE = "lineage"  # nominee missing in the plan below
UNKNOWN_BIRTH = "unknown_birth"
UNKNOWN_SEX = "unknown_sex"
UNKNOWN_GRADE = "unknown_grade"

AGENCY_FAULTS: dict[str, set[str]] = {
    "CB": {LINEAGE},
    "BTC": set(),
    "SNV": {NO_YOUNG, FEW_WOMEN, CLOSED, STANDARD},
    "SXD": {FEW_YOUNG, FEW_WOMEN, CLOSED, STANDARD, REVIEW},
    "TTT": {NO_YOUNG, CLOSED, NUMBER},
    "STC": {FEW_WOMEN, CLOSED, REVIEW},
    "SCT": {FEW_WOMEN, CLOSED, STANDARD},
    "SYT": {CLOSED, LINEAGE},
    "VPUBND": {UNKNOWN_BIRTH},
}
COMMUNE_FAULTS: dict[str, set[str]] = {
    "01290": {NO_YOUNG, FEW_WOMEN, CLOSED, NUMBER, STANDARD, REVIEW},
    "01324": {NO_YOUNG, FEW_WOMEN, CLOSED, NUMBER, STANDARD, REVIEW},
    "01363": {NO_YOUNG, FEW_WOMEN, CLOSED, STANDARD, REVIEW},
    "01648": {NO_YOUNG, FEW_WOMEN, CLOSED},
    "01576": {NO_SENIOR, FEW_WOMEN, NUMBER, REVIEW},
    "01477": {FEW_YOUNG, FEW_WOMEN, STANDARD},
    "01558": {FEW_YOUNG, FEW_WOMEN, CLOSED},
    "01654": {FEW_YOUNG},
    "01501": {CLOSED},
    "01321": {UNKNOWN_BIRTH},
    "01273": set(),
    "01726": set(),
}

#: How many further units get each fault, and how many of them stay without any.
_AGENCY_DEAL = {
    NO_YOUNG: 1,
    FEW_YOUNG: 2,
    FEW_WOMEN: 2,
    FEW_MINORITY: 1,
    CLOSED: 4,
    STANDARD: 2,
    SERVICE: 3,
    HIGHER: 2,
    TITLES: 1,
    DISCIPLINE: 1,
    GRADE: 1,
    BALLOT: 3,
    UNKNOWN_GRADE: 1,
    REVIEW: 1,
}
_COMMUNE_DEAL = {
    NO_YOUNG: 19,
    NO_SENIOR: 7,
    FEW_WOMEN: 13,
    FEW_MINORITY: 1,
    CLOSED: 10,
    NUMBER: 6,
    STANDARD: 9,
    REVIEW: 6,
    SERVICE: 5,
    HIGHER: 3,
    TITLES: 2,
    DISCIPLINE: 3,
    GRADE: 3,
    BALLOT: 4,
    UNKNOWN_GRADE: 1,
}
_AGENCIES_MET, _COMMUNES_MET = 12, 16


def deal(rng: Random, codes: list[str], *, communes: bool) -> dict[str, set[str]]:
    """Faults by unit code: the fixed ones above, the rest dealt at random."""
    fixed, counts, met = (
        (COMMUNE_FAULTS, _COMMUNE_DEAL, _COMMUNES_MET)
        if communes
        else (AGENCY_FAULTS, _AGENCY_DEAL, _AGENCIES_MET)
    )
    faults = {code: set(fixed.get(code, ())) for code in codes}
    rest = [code for code in codes if code not in fixed]
    rng.shuffle(rest)
    if communes:
        faults[rest.pop()] = {UNKNOWN_SEX}
    faulty = rest[met:]
    for fault, number in counts.items():
        open_to = [code for code in faulty if _fits(fault, faults[code], communes)]
        # The one with the fewest faults first, so that nobody stays without.
        rng.shuffle(open_to)
        open_to.sort(key=lambda code: len(faults[code]) > 0)
        for code in open_to[:number]:
            faults[code].add(fault)
    return faults


def _fits(fault: str, present: set[str], communes: bool) -> bool:
    """Faults that exclude each other, and those that a provincial body cannot show."""
    if fault in {NO_SENIOR, FEW_YOUNG} and NO_YOUNG in present:
        return False
    return communes or fault != NO_SENIOR
