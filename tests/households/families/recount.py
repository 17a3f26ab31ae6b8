"""The same figures, counted the slow way: each day of the period is lived, and who is there is asked again."""

import datetime as dt
from collections import defaultdict

from jalons.households.families.content import FamilyFact, FamilyMember, FollowedFamily

WORKED = {"permanent", "fixed_term", "insertion", "temporary", "apprentice"}
POSITIVE = {"housing", "accommodation", "work"}
ACTS = {"contrats", "contrats-femmes", "demandes-siao", "demandes-logement-social", "recours-dalo",
        "accompagnements-sante"}  # fmt: skip
DAY = dt.timedelta(days=1)


def holds(fact: FamilyFact, day: dt.date) -> bool:
    return not (fact.since and day < fact.since) and not (fact.until and day >= fact.until)


def is_span(fact: FamilyFact) -> bool:
    return not (fact.since and fact.until and fact.until <= fact.since)


def accompanied(family: FollowedFamily, action: str | None, day: dt.date) -> bool:
    spans = [f for f in family.facts if f.kind == "dispositif"]
    if action is None and not spans:
        return any(f.since and f.since <= day for f in family.facts if f.kind == "first_contact")
    return any(holds(f, day) for f in spans if action in (None, f.value))


def in_household(family: FollowedFamily, person: FamilyMember, day: dt.date) -> bool:
    if person.year_of_birth and day < dt.date(person.year_of_birth, 1, 1):
        return False
    own = [f for f in family.facts if f.kind == "presence" and f.person == person.id]
    return not own or any(holds(f, day) for f in own)


def there(family: FollowedFamily, action: str | None, day: dt.date) -> set[str]:
    if not accompanied(family, action, day):
        return set()
    return {p.id for p in family.people if in_household(family, p, day)}


def why(family: FollowedFamily, action: str | None, person: str, day: dt.date) -> str:
    """The reason of an exit on the day: the person's own when it says one, else the household's."""
    own = [f for f in family.facts if f.kind == "presence" and f.person == person and f.until == day]
    # A span that ends while another of the same dispositif goes on is no exit of the household.
    ended = not accompanied(family, action, day)
    shared = [
        f
        for f in family.facts
        if ended and f.kind == "dispositif" and f.until == day and action in (None, f.value)
    ]
    for facts in (own, shared):
        reasons = sorted(
            ((f.since or dt.date.min), f.detail) for f in facts if is_span(f) and holds(f, day - DAY)
        )
        if facts is own and reasons and not joined_reason(reasons) and shared:
            continue
        if reasons:
            return joined_reason(reasons)
    return ""


def joined_reason(reasons: list[tuple[dt.date, str]]) -> str:
    """Spans that end the same day: the first, in order, that says a reason."""
    return next((reason for _, reason in reasons if reason), "")


def age(person: FamilyMember, day: dt.date) -> int | None:
    return None if person.year_of_birth is None else day.year - person.year_of_birth


def recounted(
    families: list[FollowedFamily], action: str | None, date: dt.date, since: dt.date
) -> dict[str, int]:
    rows: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for family in families:
        stock(rows, family, action, date)
        day = since + DAY
        while day <= date:
            flow(rows, family, action, day)
            day += DAY
    return {code: len(r) if code in ACTS else len(set(r)) for code, r in rows.items() if r}


def put(
    rows: defaultdict[str, list[tuple[str, str]]],
    family: FollowedFamily,
    code: str,
    people: set[str],
    day: dt.date,
) -> None:
    prefix = "" if code == "personnes" else f"{code}-"
    for person in family.people:
        if person.id in people:
            rows[code].append((family.id, person.id))
            if person.sex == "f":
                rows[f"{prefix}femmes"].append((family.id, person.id))
            years = age(person, day)
            if years is not None and years < 18:
                rows[f"{prefix}mineurs"].append((family.id, person.id))


def stock(
    rows: defaultdict[str, list[tuple[str, str]]], family: FollowedFamily, action: str | None, date: dt.date
) -> None:
    present = there(family, action, date)
    if present or (not family.people and accompanied(family, action, date)):
        rows["menages"].append((family.id, ""))
    put(rows, family, "personnes", present, date)
    open_facts = [f for f in family.facts if holds(f, date)]
    if present and any(f.kind == "caf" for f in open_facts):
        rows["droits-caf"].append((family.id, ""))
    for person in family.people:
        if person.id not in present:
            continue
        row = (family.id, person.id)
        mine = [f for f in open_facts if f.person in ("", person.id)]
        kinds = {f.kind for f in mine}
        for kind, code in (("domiciliation", "domiciliations"), ("work", "en-emploi")):
            if kind in kinds:
                rows[code].append(row)
        for fact in mine:
            if fact.kind == "health_cover" and fact.detail:
                rows[f"{fact.value}-{'valide' if fact.detail == 'valid' else 'en-cours'}"].append(row)
        if any(f.kind == "school_support" and f.person == person.id for f in open_facts):
            rows["mediation-scolaire"].append(row)
        if (years := age(person, date)) is None or not 3 <= years <= 16:
            continue
        rows["scolarisables"].append(row)
        levels = [f for f in open_facts if f.kind == "school" and f.person == person.id]
        if levels:
            start = max(f.since or dt.date.min for f in levels)
            level = [f for f in levels if (f.since or dt.date.min) == start][-1].value
            if level != "none":
                rows["autre-scolarite" if level == "autre" else level].append(row)


def flow(
    rows: defaultdict[str, list[tuple[str, str]]], family: FollowedFamily, action: str | None, day: dt.date
) -> None:
    before, after = there(family, action, day - DAY), there(family, action, day)
    put(rows, family, "entrees", after - before, day)
    empty = not family.people
    was = bool(before) or (empty and accompanied(family, action, day - DAY))
    is_there = bool(after) or (empty and accompanied(family, action, day))
    if is_there and not was:
        rows["entrees-familles"].append((family.id, ""))
    codes = {}
    for person in before - after:
        reason = why(family, action, person, day)
        code = (
            "sorties-positives"
            if reason in POSITIVE
            else {"abandoned": "abandons", "excluded": "exclusions"}.get(reason)
        )
        if code:
            codes[person] = code
            put(rows, family, code, {person}, day)
    if was and not is_there:
        if empty:
            codes[""] = {"abandoned": "abandons", "excluded": "exclusions"}.get(
                reason := why(family, action, "", day), "sorties-positives" if reason in POSITIVE else ""
            )
        for code in set(codes.values()) - {""}:
            rows[f"{code}-familles"].append((family.id, ""))
    for fact in family.facts:
        if fact.since == day:
            happened(rows, family, fact, before | after, was or is_there)


def happened(
    rows: defaultdict[str, list[tuple[str, str]]],
    family: FollowedFamily,
    fact: FamilyFact,
    around: set[str],
    followed: bool,
) -> None:
    """An event counts for who is there on its day or was the day before: an exit's last day is included."""
    concerned = around & {fact.person} if fact.person else around
    if not concerned and (family.people or not followed):
        return
    people = [(family.id, p) for p in concerned]
    act = (family.id, fact.person)
    match fact.kind:
        case "employment_service":
            rows[fact.value.replace("_", "-")] += people
        case "training":
            rows["formations"] += people
        case "health_referral":
            rows["orientations-sante"] += people
        case "health_outing":
            rows["accompagnements-sante"].append(act)
        case "housing_request":
            rows[
                {"siao": "demandes-siao", "social": "demandes-logement-social", "dalo": "recours-dalo"}[
                    fact.value
                ]
            ].append(act)
        case "home":
            code = "logement" if fact.value == "housing" else "hebergement"
            rows[f"{code}-menages"].append((family.id, ""))
            rows[f"{code}-personnes"] += people
        case "work" if fact.person:
            if fact.value == "self":
                rows["autoentrepreneurs"] += people
            elif fact.value in WORKED:
                rows["contrats"] += people
                rows["contrats-femmes"] += [
                    (family.id, p.id) for p in family.people if p.sex == "f" and p.id in concerned
                ]
