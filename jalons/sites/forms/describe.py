"""Forms that declare a site and say what it is."""

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import Q
from django.urls import reverse

from jalons.accounts.enums import Right
from jalons.accounts.models import Organisation
from jalons.accounts.permissions import Territory
from jalons.core import clock
from jalons.core.forms import (
    CodesField,
    FilterForm,
    JalonsForm,
    SubmissionKeyField,
    VersionField,
)
from jalons.core.values import (
    Precision,
    fold,
    format_date,
    format_long_date,
    french_spaces,
    parse_partial_date,
)
from jalons.editing.forms import SeenVersion
from jalons.sites.enums import Origin
from jalons.sites.forms.counting import CountingFields
from jalons.sites.forms.place import PlaceForm, departements_of
from jalons.sites.models import Site
from jalons.sites.reporting.models import SiteReport
from jalons.territories.models import Commune, Epci

MOST_ALIASES = 10
BAD_YEAR = "Écrivez une année entre 2000 et 2100, par exemple 2027."
MAIN_COUNTS = ("people", "households", "women", "minors")


# --- declaring -------------------------------------------------------------------------------------------------


def installation_words(text: str) -> str:
    """How Jalons understands a date of installation, in one sentence; empty for nothing."""
    if not text.strip():
        return ""
    read = parse_partial_date(text)
    if read.start is None:
        return (
            "Jalons n’y lit pas de date\u00a0: vos mots seront gardés tels quels. Écrivez au moins l’année."
        )
    if read.precision == Precision.DAY and read.start == read.end:
        return f"Compris\u00a0: le {format_long_date(read.start)}."
    return f"Compris\u00a0: à partir du {format_long_date(read.start)}."


def check_installation(start: dt.date | None, observed_on: dt.date | None = None) -> str:
    """What is wrong with a date of installation, in French; empty when nothing is."""
    if start and start > clock.latest_day():
        return f"Cette date ({format_date(start)}) est dans le futur. Corrigez-la."
    if start and observed_on and start > observed_on:
        return (
            f"L’installation ({format_date(start)}) est après l’observation ({format_date(observed_on)})\u00a0: "
            "corrigez l’une des deux dates."
        )
    return ""


def sources_for(territory: Territory) -> Any:
    """The organisations that may have observed something in a territory."""
    organisations = Organisation.objects.filter(merged_into=None).order_by("name", "pk")
    if territory.everywhere:
        return organisations
    here = departements_of(territory)
    epcis = Epci.objects.filter(communes__departement__in=here)
    return organisations.filter(
        Q(territory__departement__in=here)
        | Q(territory__commune__departement__in=here)
        | Q(territory__epci__in=epcis)
        | Q(territory__region__departements__in=here)
    ).distinct()


class DeclareSiteForm(CountingFields, PlaceForm):
    """A new site and its first count. Only the commune, the date and the source are needed."""

    submission_key = SubmissionKeyField()
    aliases = forms.CharField(
        label="Autres appellations",
        required=False,
        max_length=1300,
        help_text="Une par ligne\u00a0: comment les autres acteurs nomment ce site.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    installed = forms.CharField(
        label="Date d’installation",
        required=False,
        max_length=60,
        help_text="Telle qu’on la dit\u00a0: «\u00a0mars 2017\u00a0», «\u00a02018\u00a0», «\u00a012/04/2019\u00a0».",
    )
    origins = CodesField(label="Origines des habitants", choices=Origin.choices)
    resettled_from = forms.Field(required=False, widget=forms.MultipleHiddenInput)
    # The report that this declaration answers; one that cannot be answered any more is as if it were absent.
    report = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, user: Any, **kwargs: Any) -> None:
        super().__init__(data, user=user, right=Right.DECLARE_SITE, **kwargs)
        self.add_counts()
        self.fields["reliability"].required = False
        self.fields["source"].queryset = sources_for(self.territory)  # type: ignore[attr-defined]
        self.fields["installed"].widget.attrs |= {
            "hx-get": reverse("sites:understood_date"),
            "hx-trigger": "change",
            "hx-target": "#installation-comprise",
        }

    def clean_aliases(self) -> list[str]:
        names = [" ".join(line.split()) for line in re.split(r"[\n;]", self.cleaned_data["aliases"])]
        names = list(dict.fromkeys(name for name in names if name))
        if len(names) > MOST_ALIASES:
            raise forms.ValidationError(f"Donnez au plus {MOST_ALIASES} appellations.")
        for name in names:
            if len(name) > 120:
                raise forms.ValidationError(
                    f"«\u00a0{name[:40]}…\u00a0» est trop long\u00a0: 120 caractères au plus par appellation."
                )
        return names

    def clean_resettled_from(self) -> list[Site]:
        """The sites ticked among those shown; one that cannot be seen is as if it did not exist."""
        asked = [code for code in self.cleaned_data["resettled_from"] or [] if code.isalnum()]
        return list(
            Site.objects.visible_to(self.user).standing().filter(public_id__in=asked[:20]).order_by("pk")
        )

    def clean_report(self) -> SiteReport | None:
        code = self.cleaned_data["report"]
        pending = SiteReport.objects.to_answer_by(self.user)
        return pending.filter(public_id=code).first() if code.isalnum() else None

    def clean(self) -> Any:
        cleaned = super().clean()
        read = parse_partial_date(cleaned.get("installed") or "")
        wrong = check_installation(read.start, cleaned.get("observed_on"))
        if wrong:
            self.add_error("installed", wrong)
        cleaned["installed_on"] = read.start
        return cleaned

    @property
    def installed_words(self) -> str:
        return installation_words(str(self["installed"].value() or "")[:60])


# --- editing ---------------------------------------------------------------------------------------------------


class EditSiteForm(SeenVersion, PlaceForm):
    """What is said of an existing site."""

    submission_key = SubmissionKeyField()
    expected_version = VersionField()
    origins = CodesField(label="Origines des habitants", choices=Origin.choices)
    # A year is no quantity: « 2 027 » is not how it is written.
    resorption_target = forms.IntegerField(
        label="Année visée pour la résorption",
        min_value=2000,
        max_value=2100,
        required=False,
        widget=forms.TextInput(attrs={"class": "form-control j-tiny", "inputmode": "numeric"}),
        error_messages={"invalid": BAD_YEAR, "min_value": BAD_YEAR, "max_value": BAD_YEAR},
    )
    reason = forms.CharField(
        label="Pourquoi ce changement\u00a0?",
        required=False,
        max_length=300,
        help_text="Visible dans l’historique.",
    )

    def __init__(self, data: Any = None, *, site: Site, user: Any, **kwargs: Any) -> None:
        values = {name: getattr(site, name) for name in (*EDITED, "latitude", "longitude")}
        initial = {
            **values,
            "commune": site.commune.name,
            "insee": site.commune_id,
            "expected_version": site.version,
        }
        super().__init__(data, user=user, right=Right.UPDATE_SITE, initial=initial, **kwargs)
        self.site = site
        self.fields["name"].required = True
        self.fields["name"].help_text = "Les autres noms sont des appellations."
        self.fields["name"].widget.attrs["aria-required"] = "true"

    def resolved(self, cleaned: Mapping[str, Any]) -> Commune | None:
        # A commune that disappeared keeps its sites, and is not searched any more.
        if cleaned.get("insee") == self.site.commune_id and fold(cleaned["commune"]) == fold(
            self.site.commune.name
        ):
            return self.site.commune
        return super().resolved(cleaned)

    def differs(self, described: Mapping[str, Any]) -> bool:
        """Does this say anything else than what is stored?"""
        return any(getattr(self.site, name) != value for name, value in described.items())

    def described(self) -> dict[str, Any]:
        return {
            **super().described(),
            "commune": self.cleaned_data["place"],
            "origins": self.cleaned_data["origins"],
            "resorption_target": self.cleaned_data["resorption_target"],
        }


EDITED = ("name", "address", "address_detail", "kind", "origins", "resorption_target")


class AliasForm(JalonsForm):
    name = forms.CharField(label="Appellation", max_length=120)
    used_by = forms.CharField(
        label="Employée par", max_length=120, required=False, help_text="Par exemple\u00a0: la mairie."
    )

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())


class InstallationForm(JalonsForm):
    """Since when a site is lived in. Cleaned: `start`, None when it is said not to be known."""

    submission_key = SubmissionKeyField()
    seen = VersionField()
    installed = forms.CharField(
        label="Date d’installation",
        required=False,
        max_length=60,
        help_text="Telle qu’on la dit\u00a0: «\u00a0mars 2017\u00a0», «\u00a02018\u00a0», «\u00a012/04/2019\u00a0».",
    )
    unknown = forms.BooleanField(label="La date d’installation n’est pas connue", required=False)
    reason = forms.CharField(
        label="Pourquoi cette correction\u00a0?",
        max_length=300,
        help_text="Par exemple\u00a0: «\u00a0date donnée par la mairie\u00a0».",
    )

    def clean(self) -> Any:
        cleaned = super().clean() or self.cleaned_data
        text = (cleaned.get("installed") or "").strip()
        read = parse_partial_date(text)
        cleaned["start"] = None if cleaned.get("unknown") else read.start
        if cleaned.get("unknown") and text:
            self.add_error("unknown", "Vous donnez aussi une date\u00a0: effacez-la, ou décochez cette case.")
        elif "installed" in cleaned and not cleaned.get("unknown"):
            if not text:
                self.add_error("installed", "Écrivez la date, ou dites qu’elle n’est pas connue.")
            elif read.start is None:
                self.add_error(
                    "installed",
                    f"Jalons ne lit pas de date dans «\u00a0{text}\u00a0»\u00a0: écrivez au moins l’année, par exemple "
                    "«\u00a0mars 2017\u00a0».",
                )
            elif wrong := check_installation(read.start):
                self.add_error("installed", wrong)
        return cleaned

    @property
    def installed_words(self) -> str:
        return installation_words(str(self["installed"].value() or "")[:60])


class MergeForm(JalonsForm):
    """`closed_on`: since when the kept site is closed while the other is open; keeping it open is then proposed."""

    submission_key = SubmissionKeyField()
    other = forms.CharField(max_length=20, widget=forms.HiddenInput)
    reason = forms.CharField(
        label="Pourquoi est-ce le même site\u00a0?",
        max_length=150,
        help_text="Gardé dans l’historique des deux sites.",
    )
    keep_open = forms.BooleanField(label="Garder le site ouvert", required=False)

    def __init__(self, *args: Any, closed_on: dt.date | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if closed_on is None:
            del self.fields["keep_open"]
            return
        self.fields["keep_open"].label = french_spaces(
            f"Garder le site ouvert : annuler sa fermeture du {format_date(closed_on)}"
        )


class MergeSearchForm(FilterForm):
    q = forms.CharField(label="Nom, adresse, commune, ou adresse de la fiche", max_length=200)
