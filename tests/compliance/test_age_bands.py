"""Age bands of the people's filter: of the law, else of the province's target, else as usual."""

import datetime as dt

from compliance.listing import age_bands
from tests import factories

LAW, SILENT = dt.date(2024, 6, 1), dt.date(2026, 11, 22)


def test_who_says_where_the_bands_are(db: None) -> None:
    of_law = age_bands(LAW)
    assert of_law.source
    assert age_bands(SILENT)[:2] == (40, 50)
    assert age_bands(SILENT).source == ""
    root = factories.UnitFactory(code="CB")
    below = factories.UnitFactory(parent=root)
    for unit, young in ((root, 38), (below, 30)):
        for name, value in (("young_below", young), ("middle_to", young + 10)):
            factories.TargetFactory(
                unit=unit, parameter=f"planning.age_bands.{name}", value=value, document="12-QĐ/TU"
            )
    assert age_bands(SILENT) == (38, 48, "12-QĐ/TU")
    assert age_bands(LAW) == of_law
