"""La liste, ses sommes et son export."""

import re
from collections.abc import Sequence
from typing import Any, cast
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from jalons.accounts.decorators import requires
from jalons.accounts.enums import Right
from jalons.accounts.models import User
from jalons.accounts.permissions import has
from jalons.core import ui
from jalons.core.charts import Sparkline
from jalons.core.headers import by_htmx
from jalons.core.queries import hidden_pairs, url_with
from jalons.core.values import Ratio, Sum, format_long_date, format_number, plural
from jalons.discussions.stars import put_stars
from jalons.exports.contract import GROUPS_PARAMETER
from jalons.exports.responses import respond
from jalons.history.querysets import AsOf
from jalons.sites.cards import SiteColumn, reasons_on, site_columns
from jalons.sites.comparison import compare
from jalons.sites.export_rows import COMMENTS
from jalons.sites.exports import SITES
from jalons.sites.figures import ListSums, list_page
from jalons.sites.forms.listing import STATUS, read_list
from jalons.sites.models import Site
from jalons.sites.querysets import SiteQuerySet
from jalons.sites.resorption.selectors import COLUMN as RESORPTION
from jalons.sites.selectors import SiteFilter, SiteRow, filtered_sites, ordered_sites, site_rows_by_key
from jalons.thresholds.selectors import delay_words, limits_in_force

PAGE_SIZE = 25
FIRST_PAGES = re.compile("[1-9][0-9]{0,4}")  # a number of page that may be read with the sums
SITES_PARAMETER = "sites"
COLUMNS = (
    ui.Column("Site", key="nom"),
    ui.Column("Personnes", key="personnes", numeric=True, high_first=True),
    ui.Column("dont mineurs", numeric=True),
)
TAB_LABELS = {"tous": "Tous", "ouverts": "Ouverts", "fermes": "Fermés"}
STATUS_WORDS = {"open": "ouverts", "closed": "fermés", "any": "ouverts ou fermés"}
STALE_SITES = "/sites/?maj=6"
URGENT = ui.Column("Ce qui presse", key="priorite", high_first=True)
LAST_COLUMN = ui.Column("Recensement", key="mise-a-jour", high_first=True)


@requires(Right.READ_SITES)
def site_list(request: HttpRequest) -> HttpResponse:
    read = read_list(request.user, request.GET)
    at, asked = read.at, read.filter
    chosen = filtered_sites(request.user, asked, at)
    sums, page, keys = summed_page(request, ordered_sites(request.user, chosen, asked), at, PAGE_SIZE)
    others = other_count(request, asked, at)
    beside = [column for column in site_columns() if has(request.user, column.right)]
    if asked.about_resorption:
        beside.append(RESORPTION)
    tabs = status_tabs(request, asked, sums.sites, others)
    # What calls for somebody is of today, on the sites that are still open.
    urgent = not at.is_past and asked.status != "closed"
    # Asked for: with the page. Else just after it: what is read first does not wait for twenty rules.
    at_once = urgent and asked.asks_urgency
    rows = site_rows_by_key(request.user, keys, at, beside, urgent=at_once)
    put_stars(request.user, (row.site for row in rows))
    context = {
        "at": at,
        "compare_url": compare_address(request, at),
        "complaints": read.complaints,
        "form": read.form,
        "asked": asked,
        "sums": sums,
        "tiles": tiles(sums, asked, url_with(request.GET, {"page": None, "maj": "6"})),
        "totals": {"people": at_least(sums.people), "minors": at_least(sums.minors)},
        "caption": caption(sums.sites, asked),
        "page": page,
        "rows": rows,
        "urgent": urgent,
        "reasons_url": "" if at_once or not urgent else reasons_address(rows),
        "columns": columns_of(beside, urgent=urgent),
        "beside": beside,
        "order": asked.sort,
        "tabs": tabs,
        "elsewhere": ui.elsewhere(tabs),
        "where": read.territory,
        "may_declare": has(request.user, Right.DECLARE_SITE) and not at.is_past,
        "may_report": not has(request.user, Right.DECLARE_SITE) and not at.is_past,
        "may_export": has(request.user, Right.EXPORT),
        "export_url": reverse("sites:export_choice") + url_with(request.GET, {"page": None}),
        "edit_url": edit_address(request, at),
    }
    return render(request, "sites/list.html", context)


def summed_page(
    request: HttpRequest, ordered: SiteQuerySet, at: AsOf, size: int
) -> tuple[ListSums, Any, Sequence[int]]:
    """What the whole list adds up to, its page that is asked for, the keys of that page: one query, at most three for
    a page that does not exist.
    """
    number = request.GET.get("page", "")
    first = size * (int(number) - 1 if FIRST_PAGES.fullmatch(number) else 0)
    sums, keys = list_page(ordered, at, slice(first, first + size))
    paginator = Paginator(ordered, size)
    paginator.__dict__["count"] = sums.sites  # already counted with the sums
    page = paginator.get_page(number)
    if page.number != first // size + 1:
        keys = list(cast(SiteQuerySet, page.object_list).values_list("pk", flat=True))
    return sums, page, keys


def reasons_address(rows: Sequence[SiteRow]) -> str:
    codes = ",".join(row.site.public_id for row in rows)
    return f"{reverse('sites:list_reasons')}?{urlencode({SITES_PARAMETER: codes})}"


@requires(Right.READ_SITES)
def list_reasons(request: HttpRequest) -> HttpResponse:
    """What calls for somebody on the sites of a page, put in its lines by htmx; the list itself without it."""
    if not by_htmx(request):
        return redirect("sites:list")
    codes = request.GET.get(SITES_PARAMETER, "").split(",")[:PAGE_SIZE]
    sites = Site.objects.visible_to(request.user).filter(public_id__in=codes)
    named = dict(sites.order_by("pk").values_list("pk", "public_id"))
    reasons = reasons_on(request.user, list(named)) if named else {}
    rows = [(code, reasons.get(pk, ())) for pk, code in named.items()]
    return render(request, "sites/_list_reasons.html", {"rows": rows})


def columns_of(beside: Sequence[SiteColumn], *, urgent: bool) -> list[ui.Column]:
    first, *rest = COLUMNS
    return [
        first,
        *([URGENT] if urgent else []),
        *rest,
        *(ui.Column(column.header) for column in beside),
        LAST_COLUMN,
    ]


def edit_address(request: HttpRequest, at: AsOf) -> str:
    """« Exporter pour modifier », for those who write on sites; what is past is not changed."""
    if at.is_past or not (has(request.user, Right.EXPORT) and has(request.user, Right.UPDATE_SITE)):
        return ""
    return reverse("imports:sites_to_edit") + url_with(request.GET, {"page": None})


def at_least(total: Sum) -> str:
    """« 1 240 », « ≥ 412 » when sites are missing, nothing when none is known."""
    return total.short()


def tiles(sums: ListSums, asked: SiteFilter, stale_url: str) -> list[dict[str, str]]:
    """The figures of the filtered list, each with what it covers."""
    closed = asked.status != "open"
    return [
        {
            "label": f"Sites {STATUS_WORDS[asked.status]}",
            "figure": format_number(sums.sites),
            "coverage": "sur ce territoire" if asked.is_bare else "dans cette sélection",
            "url": "",
        },
        {
            "label": "Personnes au dernier recensement" if closed else "Personnes",
            "figure": at_least(sums.people),
            "coverage": sums.people.coverage("site recensé", "sites recensés"),
            "url": "",
        },
        {
            "label": "Mineurs scolarisés",
            "figure": "" if sums.schooling.value.emptiness else str(sums.schooling),
            "coverage": sums.schooling.coverage("site", "sites"),
            "url": "",
        },
        {
            "label": f"Sans recensement depuis {delay_words(limits_in_force().survey_stale)}",
            "figure": format_number(sums.stale),
            "coverage": "jamais recensés compris",
            "url": "" if closed else stale_url,
        },
    ]


def trend_tiles(sums: Sequence[ListSums], asked: SiteFilter, stale_url: str) -> list[dict[str, Any]]:
    """The figures of the last of these dates, each with a small trend and what it was at the first."""
    past = [tile["figure"] or "ND" for tile in tiles(sums[0], asked, "")]
    people = [total.people for total in sums]
    trends: list[tuple[Sequence[Any], Sequence[Any]]] = [
        ([total.sites for total in sums], ()),
        # Where a site has no count, what is drawn is « au moins ».
        ([total.total if total.is_complete else None for total in people], [total.total for total in people]),
        ([whole_percent(total.schooling) for total in sums], ()),
        ([total.stale for total in sums], ()),
    ]
    return [
        {
            **tile,
            "coverage": f"{tile['coverage']}. {before} il y a six mois",
            "sparkline": Sparkline(f"{tile['label']}, depuis six mois", values, bounds),
        }
        for tile, before, (values, bounds) in zip(
            tiles(sums[-1], asked, stale_url), past, trends, strict=True
        )
    ]


def whole_percent(share: Ratio) -> int | None:
    return None if share.value.number is None else round(share.value.number)


def caption(count: int, asked: SiteFilter) -> str:
    """« 43 sites, par priorité »."""
    order = {
        "priorite": "ce qui presse d’abord",
        "personnes": "par nombre de personnes",
        "mise-a-jour": "par date de recensement",
        "installation": "par date d’installation",
        "nom": "par nom",
    }[asked.sort.removeprefix("-")]
    return f"{format_number(count)} {plural(count, 'site', 'sites')}, {order}"


def other_count(request: HttpRequest, asked: SiteFilter, at: AsOf) -> int:
    """How many sites stand in the tab that is not shown: the closed ones, or the open ones."""
    other = "closed" if asked.status == "open" else "open"
    return filtered_sites(request.user, asked.with_status(other), at).count()


def status_tabs(
    request: HttpRequest, asked: SiteFilter, here: int, there: int, *, on_map: bool = False
) -> list[ui.Tab]:
    """Open and closed sites with how many answer the filters; the list and the map, two views of the same.

    `there`: what `other_count` counts. Both at once have their tab while they are asked for: behind a figure.
    """
    keep = url_with(request.GET, {"page": None})
    counts = {
        "open": {"ouverts": here, "fermes": there},
        "closed": {"ouverts": there, "fermes": here},
        "any": {"tous": here, "ouverts": there, "fermes": here - there},
    }[asked.status]
    return [
        *(
            ui.Tab(
                TAB_LABELS[code],
                url_with(request.GET, {"page": None, "statut": None if code == "ouverts" else code}),
                STATUS[code] == asked.status,
                count,
            )
            for code, count in counts.items()
        ),
        ui.Tab("Liste", reverse("sites:list") + keep, current=not on_map, aside=True),
        ui.Tab("Carte", reverse("maps:map") + keep, current=on_map, aside=True),
    ]


def compare_address(request: HttpRequest, at: AsOf) -> str:
    """Where the two answers on one date are side by side; empty for today."""
    query = url_with(request.GET, {"page": None, "site": None})
    return reverse("sites:compare") + query if at.is_past else ""


@requires(Right.READ_SITES)
def compare_dates(request: HttpRequest) -> HttpResponse:
    """« Comparer les deux »: as known on a day (the one looked at, unless another is asked), as known now."""
    read = read_list(request.user, request.GET)
    then = AsOf(read.at.valid, read.at.known or read.at.valid)
    context = {
        "complaints": read.complaints,
        "form": read.form,
        "where": read.territory,
        "status": STATUS_WORDS[read.filter.status],
        "then": then,
        "valid": format_long_date(then.day),
        "known": format_long_date(then.known) if then.known else "",
        "comparison": compare(request.user, read.filter, then) if then.known else None,
        "columns": (
            ui.Column("Ce qui est compté"),
            ui.Column(
                f"Telle que connue le {format_long_date(then.known)}" if then.known else "", numeric=True
            ),
            ui.Column("Telle que connue aujourd’hui", numeric=True),
            ui.Column("Différence", numeric=True),
        ),
        "then_url": reverse("sites:list")
        + url_with(request.GET, {"page": None, ui.KNOWN_PARAMETER: then.known}),
        "now_url": reverse("sites:list") + url_with(request.GET, {"page": None, ui.KNOWN_PARAMETER: None}),
    }
    return render(request, "sites/compare.html", context)


@requires(Right.EXPORT)
def export_choice(request: HttpRequest) -> HttpResponse:
    """What to take away: which columns, in which format. The filters come from the list."""
    read = read_list(request.user, request.GET)
    sites = filtered_sites(request.user, read.filter, read.at)
    context = {
        "at": read.at,
        "where": read.territory,
        "chips": [chip.label for chip in read.form.chips()],
        "count": sites.count(),
        "status": STATUS_WORDS[read.filter.status],
        "groups": [{"name": name, "chosen": name != COMMENTS} for name in SITES.groups(request.user)],
        "parameter": GROUPS_PARAMETER,
        "kept": hidden_pairs(request.GET, {"page", "format", GROUPS_PARAMETER}),
        "formats": [(code.value, code.label) for code in SITES.formats],
        "back": reverse("sites:list") + url_with(request.GET, {"page": None}),
    }
    return render(request, "sites/export.html", context)


@requires(Right.EXPORT)
def export(request: HttpRequest) -> HttpResponseBase:
    asked_format = request.GET.get("format", "")
    return respond(SITES, cast(User, request.user), request.GET, asked_format, "jalons.sites.exports.SITES")
