"""What the rows of a table become, by what the table is. Facts are written by the services of their own app."""

from collections.abc import Sequence
from typing import Any

from jalons.core.progress import Tell, ignore
from jalons.history.services import Actor
from jalons.imports.judging.follow_ups import FollowUpPlan
from jalons.imports.judging.money import MoneyPlan
from jalons.imports.judging.national_plans import NationalPlan
from jalons.imports.judging.organisations import OrganisationPlan
from jalons.imports.judging.returned_descriptions import DescriptionPlan
from jalons.imports.judging.site_plans import SitePlan
from jalons.imports.models import ImportBatch, ImportedFact
from jalons.imports.services.writing.descriptions import write_descriptions
from jalons.imports.services.writing.follow_ups import write_follow_ups
from jalons.imports.services.writing.money import write_money
from jalons.imports.services.writing.national_actions import write_national_actions
from jalons.imports.services.writing.organisations import write_organisations
from jalons.imports.services.writing.sites import write_sites

WRITERS: dict[type, Any] = {
    SitePlan: write_sites,
    FollowUpPlan: write_follow_ups,
    MoneyPlan: write_money,
    OrganisationPlan: write_organisations,
    NationalPlan: write_national_actions,
    DescriptionPlan: write_descriptions,
}


def write_plans(
    batch: ImportBatch, plans: Sequence[Any], by: Actor, tell: Tell = ignore
) -> list[ImportedFact]:
    """All the rows of one table: they are of one kind. `tell`: how far it is; it may stop everything."""
    return WRITERS[type(plans[0])](batch, plans, by, tell) if plans else []
