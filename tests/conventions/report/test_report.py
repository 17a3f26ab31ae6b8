"""The execution report, from its first line to its presentation."""

import datetime as dt
from typing import Any

import pytest

from jalons.accounts.enums import Role
from jalons.accounts.models import Organisation
from jalons.conventions.alerts.services import acknowledge
from jalons.conventions.enums import AlertLevel, AlertScope, ConventionRole, EditionKind, ReportState
from jalons.conventions.importing.storing import transcriber
from jalons.conventions.models import Alert, Convention, ExecutionReport, Seat
from jalons.conventions.report.services import (
    advance,
    due_of,
    missing_objectives,
    obstacles,
    send_back,
    start_report,
    write_texts,
)
from jalons.editing.refusals import Refused
from jalons.history.services import Stale, save_record
from tests import factories
from tests.conventions.samples import NA, make_convention, sample, two_departements
from tests.conventions.years.test_comparison import pilot_of

pytestmark = pytest.mark.django_db
DAY = dt.date(2023, 3, 1)


def complete() -> Any:
    """The small convention with all its objectives."""
    told = sample()
    for sheet in told["fiches"]:
        head = sheet["indicator_table"]["indicators"][0]
        head["children"][0]["values"]["objectif_2022"] = NA
    return told


def quiet(convention: Convention) -> None:
    """Whatever the rules find, somebody answers for it."""
    for alert in convention.alerts.filter(level=AlertLevel.ERROR):
        acknowledge(alert=alert, reason="Vu", by=transcriber())


def error_on(convention: Convention, **more: Any) -> Alert:
    return Alert.objects.create(
        convention=convention,
        rule="essai",
        scope=AlertScope.MONEY,
        level=AlertLevel.ERROR,
        where="Annexe",
        message="Un écart",
        fingerprint="0" * 64,
        **more,
    )


def state_user(convention: Convention) -> Any:
    organisation = factories.make_organisation(territory="59")
    record = Seat(convention=convention, organisation=organisation, role=ConventionRole.STATE_PARTNER)
    save_record(record=record, by=transcriber())
    return factories.make_user(Role.INSTITUTION, "59", organisation=organisation)


def test_it_is_due_on_31_march_of_the_year_after(territories: Any) -> None:
    assert due_of(make_convention()) == dt.date(2023, 3, 31)
    told = sample("autre-2022")
    told["conventions"][0]["clauses"]["reporting"]["deadline"] = "04-15"
    told["deliberation"]["number"] = "DEL/autre"
    assert due_of(make_convention(told)) == dt.date(2023, 4, 15)
    del told["conventions"][0]["clauses"]["reporting"]
    told["conventions"][0]["id"] = "sans-2022"
    told["fiches"], told["annexes_financieres"], told["deliberation"] = [], [], []
    assert due_of(make_convention(told)) == dt.date(2023, 3, 31)


def test_from_the_first_line_to_the_presentation(territories: Any) -> None:
    convention = make_convention(complete())
    quiet(convention)
    by = transcriber()
    report = start_report(convention=convention, party=None, by=by)
    assert start_report(convention=convention, party=None, by=by) == report
    write_texts(report=report, texts={"results": "Beaucoup."}, by=by)
    for number, state in enumerate(list(ReportState)[1:]):
        report = advance(report=report, to=state, on=DAY + dt.timedelta(days=number), by=by)
    assert report.state == ReportState.PRESENTED
    assert report.steps["voted"] == "2023-03-03"
    assert report.edition is not None
    assert report.edition.kind == EditionKind.REPORT
    with pytest.raises(Refused, match="voté"):
        write_texts(report=report, texts={"results": "Autre"}, by=by)


def test_steps_come_in_order_and_their_days_too(territories: Any) -> None:
    report = start_report(convention=make_convention(complete()), party=None, by=transcriber())
    with pytest.raises(Refused):
        advance(report=report, to=ReportState.VOTED, on=DAY, by=transcriber())
    advance(report=report, to=ReportState.FILLED, on=DAY, by=transcriber())
    with pytest.raises(Refused, match="plus tôt"):
        advance(report=report, to=ReportState.REVIEWED, on=DAY - dt.timedelta(days=1), by=transcriber())
    send_back(report=report, reason="Il manque la fiche 2", by=transcriber())
    assert report.state == ReportState.TO_FILL
    assert report.steps["returned"]["why"] == "Il manque la fiche 2"


def test_it_is_not_sent_with_errors_or_missing_objectives(territories: Any) -> None:
    convention = make_convention()  # an objective of the DTML is empty on each of its three sheets
    quiet(convention)
    report = start_report(convention=convention, party=None, by=transcriber())
    for state in (ReportState.FILLED, ReportState.REVIEWED, ReportState.VOTED):
        advance(report=report, to=state, on=DAY, by=transcriber())
    assert len(missing_objectives(convention)) == 3
    alert = error_on(convention)
    assert len(obstacles(report)) == 2
    with pytest.raises(Refused, match="3 objectifs manquent, 1 erreur"):
        advance(report=report, to=ReportState.SENT, on=DAY, by=transcriber())
    report.refresh_from_db()
    assert (report.state, report.edition) == (ReportState.VOTED, None)
    assert not convention.editions.exists()
    acknowledge(alert=alert, reason="Connu", by=transcriber())
    assert len(obstacles(report)) == 1


def test_the_errors_of_another_departement_stop_nobody_else(territories: Any) -> None:
    convention = make_convention(two_departements())
    convention.alerts.all().delete()
    reports = {
        party.departement_id: start_report(convention=convention, party=party, by=transcriber())
        for party in convention.parties.exclude(departement=None)
    }
    theirs = convention.commitments.filter(party__departement="62").first()
    error_on(convention, commitment=theirs)
    assert any("erreur" in each for each in obstacles(reports["62"]))
    assert not any("erreur" in each for each in obstacles(reports["59"]))


def test_two_people_in_the_texts(territories: Any) -> None:
    report = start_report(convention=make_convention(), party=None, by=transcriber())
    seen = report.version
    write_texts(report=report, texts={"results": "Les siens"}, by=transcriber(), expected_version=seen)
    mine = ExecutionReport.objects.get(pk=report.pk)
    with pytest.raises(Stale):
        write_texts(report=mine, texts={"results": "Les miens"}, by=transcriber(), expected_version=seen)


# --- pages -----------------------------------------------------------------------------------------------------


def key(page: str) -> str:
    return page.split('name="submission_key" value="')[1].split('"')[0]


def post(client: Any, address: str, **told: Any) -> Any:
    form = client.get(address).content.decode()
    version = (
        form.split('name="expected_version" value="')[1].split('"')[0] if "expected_version" in form else ""
    )
    sent = {"submission_key": key(form), "expected_version": version, **told}
    return client.post(address, sent)


def test_the_whole_way_by_the_pages(territories: Any, client: Any) -> None:
    convention = make_convention(complete())
    quiet(convention)
    pilot, state = pilot_of(), state_user(convention)
    address = f"/conventions/{convention.slug}/rapport/"
    client.force_login(pilot)
    page = client.get(address).content.decode()
    assert "31 mars 2023" in page
    assert "En retard" in page
    assert not ExecutionReport.objects.exists()
    client.post(address, {"submission_key": key(page), "begin": "True", "party": ""})
    report = ExecutionReport.objects.get()
    mine = f"{address}{report.public_id}/"
    post(client, f"{mine}rediger/", results="Trois cents familles")
    assert ExecutionReport.objects.get().results == "Trois cents familles"
    post(client, f"{mine}etape/", on="01/03/2023")
    assert "L’État" in client.get(address).content.decode()
    # The Département does not read its own report again.
    assert client.get(f"{mine}relire/").status_code == 403
    client.force_login(state)
    assert client.get(f"{mine}rediger/").status_code == 403
    refused = post(client, f"{mine}relire/", answer="back", reason="")
    assert "Dites ce qui est à reprendre" in refused.content.decode()
    post(client, f"{mine}relire/", answer="back", reason="La fiche 2 est vide")
    client.force_login(pilot)
    assert "La fiche 2 est vide" in client.get(address).content.decode()
    post(client, f"{mine}etape/", on="05/03/2023")
    client.force_login(state)
    post(client, f"{mine}relire/", answer="good")
    client.force_login(pilot)
    today = dt.date.today().strftime("%d/%m/%Y")
    for _ in range(4):
        post(client, f"{mine}etape/", on=today)
    assert ExecutionReport.objects.get().state == ReportState.PRESENTED
    assert "plus rien à faire" in client.get(address).content.decode()


def test_a_day_to_come_is_refused_where_it_is_typed(territories: Any, client: Any) -> None:
    convention = make_convention(complete())
    report = start_report(convention=convention, party=None, by=transcriber())
    client.force_login(pilot_of())
    address = f"/conventions/{convention.slug}/rapport/{report.public_id}/etape/"
    page = post(client, address, on="01/01/2099").content.decode()
    assert "est dans le futur" in page
    assert "01/01/2099" in page


def test_a_report_said_complete_can_be_taken_back(territories: Any, client: Any) -> None:
    convention = make_convention()
    report = start_report(convention=convention, party=None, by=transcriber())
    advance(report=report, to=ReportState.FILLED, on=DAY, by=transcriber())
    client.force_login(pilot_of())
    address = f"/conventions/{convention.slug}/rapport/{report.public_id}/etape/"
    form = client.get(address).content.decode()
    assert "Reprendre le rapport" in form
    post(client, address, reason="Il manque la fiche 2")
    assert ExecutionReport.objects.get().state == ReportState.TO_FILL
    # Sent again from another window: what was typed is still there.
    late = client.post(
        address, {"submission_key": "b" * 32, "expected_version": "9", "reason": "Encore un mot"}
    )
    assert "Encore un mot" in late.content.decode()


def test_a_text_typed_over_another_is_not_lost(territories: Any, client: Any) -> None:
    convention = make_convention()
    report = start_report(convention=convention, party=None, by=transcriber())
    client.force_login(pilot_of())
    address = f"/conventions/{convention.slug}/rapport/{report.public_id}/rediger/"
    form = client.get(address).content.decode()
    write_texts(report=report, texts={"results": "Les siens"}, by=transcriber())
    sent = {"submission_key": key(form), "expected_version": "1", "results": "Les miens"}
    page = client.post(address, sent)
    assert page.status_code == 409
    assert "Les miens" in page.content.decode()
    assert "Les siens" in page.content.decode()
    assert ExecutionReport.objects.get().results == "Les siens"


def test_each_departement_has_its_report_and_sees_no_other(territories: Any, client: Any) -> None:
    convention = make_convention(two_departements())
    north, south = pilot_of(), pilot_of("Pas-de-Calais", "62")
    parties = {party.departement_id: party for party in convention.parties.exclude(departement=None)}
    theirs = start_report(convention=convention, party=parties["62"], by=transcriber())
    client.force_login(north)
    address = f"/conventions/{convention.slug}/rapport/"
    page = client.get(address).content.decode()
    assert "Département du Nord" in page
    assert "Pas-de-Calais" not in page
    assert client.get(f"{address}{theirs.public_id}/rediger/").status_code == 404
    sent = client.post(
        address, {"submission_key": key(page), "begin": "True", "party": parties["62"].position}
    )
    assert sent.status_code == 403
    assert ExecutionReport.objects.count() == 1
    client.post(address, {"submission_key": key(page), "begin": "True", "party": parties["59"].position})
    client.force_login(south)
    assert client.get(f"{address}{theirs.public_id}/rediger/").status_code == 200
    assert Organisation.objects.filter(name__contains="Pas-de-Calais").exists()
