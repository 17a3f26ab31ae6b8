"""Reading sites: the filtered list, the sheet, what a form starts from.

A constant number of queries each."""

from jalons.sites.selectors.facts import first_known, newest_by_site, standing_by_site
from jalons.sites.selectors.filtering import (
    COVERED,
    DEFAULT_SORT,
    SIZES,
    SORTS,
    STALENESS,
    SiteFilter,
    filtered_sites,
    home_of,
    names_of,
    ordered_sites,
    search,
    staleness_choices,
    territory_named,
    territory_words,
)
from jalons.sites.selectors.form_starts import (
    known_surveys,
    last_conditions,
    last_diagnosis,
    last_owner,
    last_survey,
    organisations_near,
)
from jalons.sites.selectors.rows import SiteRow, site_rows, site_rows_by_key, source_words
from jalons.sites.selectors.sheet import Move, Sheet, described_site, sheet_of, site_sheet

__all__ = [
    "COVERED",
    "DEFAULT_SORT",
    "SIZES",
    "SORTS",
    "STALENESS",
    "Move",
    "Sheet",
    "SiteFilter",
    "SiteRow",
    "described_site",
    "filtered_sites",
    "first_known",
    "home_of",
    "known_surveys",
    "last_conditions",
    "last_diagnosis",
    "last_owner",
    "last_survey",
    "names_of",
    "newest_by_site",
    "ordered_sites",
    "organisations_near",
    "search",
    "sheet_of",
    "site_rows",
    "site_rows_by_key",
    "site_sheet",
    "source_words",
    "staleness_choices",
    "standing_by_site",
    "territory_named",
    "territory_words",
]
