"""What a form about a site starts from."""

from django.db.models import Q, QuerySet

from jalons.accounts.models import Organisation
from jalons.history.querysets import NOW
from jalons.sites.models import LivingConditions, Ownership, Site, SocialDiagnosis, Survey
from jalons.sites.selectors.facts import newest


def known_surveys(site: Site) -> list[Survey]:
    """Every count of the site as we know it now, the one that stands first."""
    return list(Survey.objects.known().filter(site=site).select_related("organisation", "source").ranked())


def last_survey(site: Site) -> Survey | None:
    """The count in use today."""
    used = Survey.objects.in_force().filter(site=site)
    return used.select_related("author", "organisation", "source").first()


def last_conditions(site: Site) -> LivingConditions | None:
    used = LivingConditions.objects.in_force().filter(site=site)
    return used.select_related("author", "organisation").first()


def last_owner(site: Site) -> Ownership | None:
    """Sensitive: only for who may read the owner."""
    return next(iter(newest(Ownership, NOW, site)), None)


def last_diagnosis(site: Site) -> SocialDiagnosis | None:
    return next(iter(newest(SocialDiagnosis, NOW, site)), None)


def organisations_near(site: Site, *always: Organisation | None) -> QuerySet[Organisation]:
    """The organisations that act where the site stands, and those in `always`; by name."""
    commune = site.commune
    acts = Q(territory__departement=commune.departement_id) | Q(
        territory__commune__departement=commune.departement_id
    )
    if commune.epci_id:
        acts |= Q(territory__epci=commune.epci_id)
    always_there = Q(pk__in=[organisation.pk for organisation in always if organisation])
    return Organisation.objects.filter(acts & Q(merged_into=None) | always_there).order_by("name", "pk")
