"""Every read of people and organisation, scoped to the actor."""

from cadres.selectors.cadre_list import (
    CadreFilters,
    cadre_list,
    cadre_measure,
    cadre_page,
    cadre_rows,
)
from cadres.selectors.cadres import (
    CadreProfile,
    cadre_get,
    cadre_profile,
    cadre_scope,
    cadres_visible,
    posts_of,
)
from cadres.selectors.history import cadre_history, unit_history
from cadres.selectors.search import SearchResult, search
from cadres.selectors.text import folded_words
from cadres.selectors.titles import title_list
from cadres.selectors.units import (
    UnitFilter,
    UnitMatches,
    UnitNode,
    UnitProfile,
    UnitTree,
    unit_below,
    unit_get,
    unit_list,
    unit_list_with_codes,
    unit_matches,
    unit_profile,
    unit_tenures,
    unit_tree,
)

__all__ = [
    "CadreFilters",
    "CadreProfile",
    "SearchResult",
    "UnitFilter",
    "UnitMatches",
    "UnitNode",
    "UnitProfile",
    "UnitTree",
    "cadre_get",
    "cadre_history",
    "cadre_list",
    "cadre_measure",
    "cadre_page",
    "cadre_profile",
    "cadre_rows",
    "cadre_scope",
    "cadres_visible",
    "folded_words",
    "posts_of",
    "search",
    "title_list",
    "unit_below",
    "unit_get",
    "unit_history",
    "unit_list",
    "unit_list_with_codes",
    "unit_matches",
    "unit_profile",
    "unit_tenures",
    "unit_tree",
]
