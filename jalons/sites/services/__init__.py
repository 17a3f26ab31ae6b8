"""Writing sites and what is observed on them. Every function says who writes (`by`) and is all or nothing."""

from jalons.sites.services.declaring import declare_site
from jalons.sites.services.describing import add_alias, remove_alias, search_text_of, update_site
from jalons.sites.services.in_bulk import (
    NewAssessment,
    NewCount,
    NewSite,
    add_assessments,
    add_surveys,
    declare_sites,
)
from jalons.sites.services.merging import MOVED_FACTS, merge_sites, missing_words
from jalons.sites.services.observations import (
    Observation,
    add_conditions,
    add_event,
    add_procedure,
    add_survey,
    condition_columns,
    correct_conditions,
    correct_survey,
    nobody_wrote_since,
    nothing_changed,
    set_diagnosis,
    set_owner,
    set_survey_aside,
    take_survey_back,
)
from jalons.sites.services.occupations import (
    Departure,
    close_site,
    correct_installation,
    occupation_of,
    reopen_site,
)
from jalons.sites.services.resettlements import link_resettlement

__all__ = [
    "MOVED_FACTS",
    "Departure",
    "NewAssessment",
    "NewCount",
    "NewSite",
    "Observation",
    "add_alias",
    "add_assessments",
    "add_conditions",
    "add_event",
    "add_procedure",
    "add_survey",
    "add_surveys",
    "close_site",
    "condition_columns",
    "correct_conditions",
    "correct_installation",
    "correct_survey",
    "declare_site",
    "declare_sites",
    "link_resettlement",
    "merge_sites",
    "missing_words",
    "nobody_wrote_since",
    "nothing_changed",
    "occupation_of",
    "remove_alias",
    "reopen_site",
    "search_text_of",
    "set_diagnosis",
    "set_owner",
    "set_survey_aside",
    "take_survey_back",
    "update_site",
]
