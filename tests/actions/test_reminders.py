"""Reminders of the follow-up, received by a real mail server, day after day."""

import datetime as dt
import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jalons.accounts.enums import Right, Role
from jalons.accounts.models import User
from jalons.actions import notifications
from jalons.actions.enums import ActionTheme, ParticipationRole, Rhythm
from jalons.actions.models import Action, ReminderRound
from jalons.actions.notifications import letters_of, remind
from jalons.actions.selectors.dues import dues_of
from jalons.actions.services import Part, set_parts
from jalons.discussions.models import Mail
from jalons.discussions.notifications import send_queued
from jalons.discussions.services import set_mail_choices
from tests import factories
from tests.factories import Cast, organisation_of
from tests.mailbox import Mailbox

pytestmark = pytest.mark.django_db
SOCLE = True

JUNE_30 = dt.date(2020, 6, 30)
BEFORE, AFTER = dt.date(2020, 6, 23), dt.date(2020, 7, 7)
SPRING = dt.date(2020, 3, 2)  # began after the campaign of December: only June is asked


def day(number: int, month: int = 6) -> dt.date:
    return dt.date(2020, month, number)


def make(cast: Cast, name: str = "Médiation sanitaire", *operators: User, **told: Any) -> Action:
    """A dispositif piloted by the DDETS du Nord, with Les amis de Lille as operator unless others are named."""
    by = factories.actor(cast.correspondent59)
    values = {"starts_on": SPRING, "themes": [ActionTheme.SCHOOL], "by": by, **told}
    return factories.make_action(
        name,
        operators=[organisation_of(user) for user in operators or (cast.operator_a,)],
        pilots=[organisation_of(cast.correspondent59)],
        **values,
    )


def fill(action: Action, on: dt.date, by: User, *blocks: str) -> None:
    """Tells one figure in each block: the public and school unless said otherwise."""
    codes = {"public": "personnes", "school": "scolarisables"}
    factories.make_follow_up(action, on, by=by, **{codes[block]: 3 for block in blocks or codes})


def received(mailbox: Mailbox, user: User, today: dt.date) -> list[tuple[str, str]]:
    """(subject, text) of what arrives at somebody’s on a day, after the job has run twice."""
    already = len(mailbox.received)
    for _ in range(2):
        remind(today)
        send_queued()
    return [read(one) for one in mailbox.received[already:] if one["To"] == user.email]


def read(message: Any) -> tuple[str, str]:
    text = message.get_body(("plain",)).get_content().replace("\r\n", "\n").replace("\u00a0", " ")
    return message["Subject"].replace("\u00a0", " ").strip().removeprefix("Jalons : "), text


def told(today: dt.date, topic: str = notifications.REMINDER) -> dict[str, tuple[str, str]]:
    """(subject, text) by name of the reader, of one day without anything to catch up."""
    return {
        letter.user.name: (letter.subject.replace("\u00a0", " "), letter.body.replace("\u00a0", " "))
        for letter in letters_of(today, [today])
        if letter.topic == topic
    }


@pytest.fixture
def nord(cast: Cast) -> Cast:
    factories.make_socle()
    return cast


# --- a month, day after day ------------------------------------------------------------------------------------


def test_seven_days_before_the_day_and_seven_days_after(nord: Cast, mailbox: Mailbox) -> None:
    action = make(nord)
    days = [day(1) + dt.timedelta(days=number) for number in range(60)]
    subjects = {today: received(mailbox, nord.operator_a, today) for today in days}
    assert {today: [subject for subject, _ in mails] for today, mails in subjects.items() if mails} == {
        BEFORE: ["Indicateurs à remplir avant le 30 juin : 1 dispositif"],
        JUNE_30: ["Indicateurs à remplir aujourd’hui, 30 juin : 1 dispositif"],
        AFTER: ["Indicateurs en retard : 1 dispositif"],
    }
    (_, text), (_, last) = subjects[BEFORE][0], subjects[AFTER][0]
    assert "Médiation sanitaire\nÀ remplir avant le 30 juin 2020. Il manque : public, scolarisation." in text
    assert f"https://jalons.exemple.test/dispositifs/{action.public_id}/suivi/nouveau/" in text
    assert "Aucun point de suivi pour l’instant." in text
    assert "inchange" not in text, "rien n’a jamais été dit : il n’y a rien à redire"
    assert "Ne plus recevoir ces rappels : https://jalons.exemple.test/courriels/arret/" in text
    assert "En retard depuis le 30 juin 2020." in last


def test_nothing_to_who_has_filled_in(nord: Cast, mailbox: Mailbox) -> None:
    action = make(nord)
    assert received(mailbox, nord.operator_a, BEFORE)
    fill(action, day(25), nord.operator_a)
    assert received(mailbox, nord.operator_a, JUNE_30) == []
    assert received(mailbox, nord.operator_a, AFTER) == []
    assert received(mailbox, nord.correspondent59, AFTER) == []


def test_only_what_is_missing(nord: Cast) -> None:
    action = make(nord)
    fill(action, day(31, 5), nord.operator_a, "public")
    _, text = told(BEFORE)["Sacha Amis"]
    assert "Il manque : scolarisation.\n" in text
    assert "public" not in text
    path = f"/dispositifs/{action.public_id}/suivi/inchange/"
    assert f"Rien n’a changé depuis le 31 mai 2020 : https://jalons.exemple.test{path}" in text


def test_the_next_deadline_does_not_disturb_who_has_filled_in_for_this_one(nord: Cast) -> None:
    """From 31 January to the end of February there are less than thirty days: February is asked already."""
    action = make(nord, rhythm=Rhythm.MONTHLY, starts_on=dt.date(2020, 12, 1))
    fill(action, dt.date(2021, 1, 30), nord.operator_a)
    today = dt.date(2021, 1, 31)
    (owed,) = dues_of([action], today)[action.pk]
    assert owed.due.on == dt.date(2021, 2, 28)
    assert told(today) == {}
    assert "Sacha Amis" in told(dt.date(2021, 2, 21))


def test_still_late_for_the_deadline_before(nord: Cast) -> None:
    make(nord, rhythm=Rhythm.MONTHLY)
    subject, text = told(BEFORE)["Sacha Amis"]
    assert subject == "Indicateurs à remplir avant le 30 juin : 1 dispositif"
    assert "En retard depuis le 31 mai 2020. Il manque : public, scolarisation." in text


def test_a_national_campaign_on_the_day_of_the_rhythm_is_one_deadline(nord: Cast) -> None:
    action = make(nord)
    factories.make_deadline(None, JUNE_30, "Campagne de juin")
    factories.make_deadline(action, JUNE_30)
    _, text = told(BEFORE)["Sacha Amis"]
    assert text.count("Médiation sanitaire") == 1
    assert text.count("30 juin") == 1


def test_a_chosen_date_of_one_dispositif(nord: Cast) -> None:
    make(nord, "MOUS Lille")
    factories.make_deadline(make(nord), day(15))
    subject, text = told(day(8))["Sacha Amis"]
    assert subject == "Indicateurs à remplir avant le 15 juin : 1 dispositif"
    assert "MOUS Lille" not in text


def test_a_date_for_everybody(nord: Cast) -> None:
    make(nord, "MOUS Lille")
    make(nord)
    factories.make_deadline(None, day(15))
    assert told(day(8))["Sacha Amis"][0] == "Indicateurs à remplir avant le 15 juin : 2 dispositifs"


def test_two_deadlines_in_one_e_mail(nord: Cast) -> None:
    """Seven days after one, seven days before another."""
    factories.make_deadline(make(nord, "MOUS Lille"), day(24))
    factories.make_deadline(make(nord), day(10))
    subject, text = told(day(17))["Sacha Amis"]
    assert subject == "Indicateurs à remplir : 2 dispositifs, dont 1 avant le 24 juin"
    assert text.index("En retard depuis le 10 juin 2020") < text.index("À remplir avant le 24 juin 2020")


# --- days without a run ----------------------------------------------------------------------------------------


def test_days_missed_are_caught_up_in_one_e_mail(nord: Cast, mailbox: Mailbox) -> None:
    factories.make_deadline(make(nord, "MOUS Lille"), day(29))
    factories.make_deadline(make(nord), day(18))
    received(mailbox, nord.operator_a, day(21))
    # Neither the 22 (seven days before the 29), nor the 23 (before the 30), nor the 25 (after the 18).
    ((subject, text),) = received(mailbox, nord.operator_a, day(26))
    assert subject == "Indicateurs à remplir : 2 dispositifs, dont 1 avant le 29 juin"
    assert text.count("Remplir : ") == 2
    assert [received(mailbox, nord.operator_a, day(later)) for later in (27, 28)] == [[], []]
    assert received(mailbox, nord.operator_a, JUNE_30)


@pytest.mark.parametrize(("late", "count"), [(5, 1), (6, 0)])
def test_not_after_five_days(nord: Cast, late: int, count: int) -> None:
    make(nord)
    remind(day(1))
    remind(BEFORE + dt.timedelta(days=late))
    assert Mail.objects.filter(user=nord.operator_a).count() == count


def test_the_clock_goes_back(nord: Cast) -> None:
    make(nord)
    remind(BEFORE)
    assert remind(day(22)) is None


def test_two_runs_at_once_write_once(nord: Cast) -> None:
    """Both have looked before either has written."""
    make(nord)
    first, second = (list(letters_of(BEFORE, [BEFORE])) for _ in range(2))
    assert notifications.post(first, BEFORE) == {"reminder": 2}
    assert notifications.post(second, BEFORE) is None
    readers = (nord.operator_a, nord.colleague_a)
    assert {mail.key for mail in Mail.objects.all()} == {f"reminder/2020-06-23/{one.pk}" for one in readers}


def test_an_accident_leaves_nothing_half_done(nord: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    make(nord)

    def breaks(**mail: Any) -> None:
        if Mail.objects.exists():
            raise OSError("plus de place")
        Mail.objects.create(key=mail["key"], user=mail["user"], topic=mail["topic"])

    with monkeypatch.context() as patch:
        patch.setattr(notifications, "queue_mail", breaks)
        with pytest.raises(OSError, match="plus de place"):
            remind(BEFORE)
    assert not Mail.objects.exists()
    assert not ReminderRound.objects.exists()
    assert remind(BEFORE) == {"reminder": 2}


@pytest.mark.parametrize(("hour", "words"), [(6, "à partir de 7"), (7, "2 rappels, 0 relevé")])
def test_not_at_night(nord: Cast, monkeypatch: pytest.MonkeyPatch, hour: int, words: str) -> None:
    make(nord)
    now = dt.datetime(2020, 6, 23, hour, 5)
    monkeypatch.setattr(notifications, "paris_now", lambda: now)
    assert words in notifications.send_reminders().replace("\u00a0", " ")
    assert "Déjà faits" in notifications.send_reminders() or hour == 6


# --- who -------------------------------------------------------------------------------------------------------


def test_two_operators_are_told_of_their_own_part(nord: Cast) -> None:
    action = make(nord, "MOUS Lille", nord.operator_a, nord.operator_b, themes=["school", "housing"])
    parts = [
        Part(organisation_of(nord.correspondent59), ParticipationRole.PILOT),
        Part(organisation_of(nord.operator_a), ParticipationRole.OPERATOR, True, ("public", "school")),
        Part(organisation_of(nord.operator_b), ParticipationRole.OPERATOR, False, ("housing",)),
    ]
    set_parts(action=action, parts=parts, on=SPRING, by=factories.actor(nord.correspondent59))
    fill(action, day(20), nord.operator_a)
    mails = told(BEFORE)
    assert list(mails) == ["Morgan Solidarite"]
    assert "Il manque : logement." in mails["Morgan Solidarite"][1]


def test_an_operator_who_left_is_not_told(nord: Cast) -> None:
    action = make(nord, "MOUS Lille", nord.operator_a, nord.operator_b)
    parts = [
        Part(organisation_of(nord.correspondent59), ParticipationRole.PILOT),
        Part(organisation_of(nord.operator_b), ParticipationRole.OPERATOR),
    ]
    set_parts(action=action, parts=parts, on=day(10), by=factories.actor(nord.correspondent59))
    assert set(told(BEFORE)) == {"Morgan Solidarite"}


def test_the_pilot_fills_in_when_there_is_no_operator(nord: Cast) -> None:
    pilots = [organisation_of(nord.correspondent59)]
    by = factories.actor(nord.correspondent59)
    factories.make_action("Comité de suivi", pilots=pilots, starts_on=SPRING, by=by)
    assert set(told(BEFORE)) == {"Camille Nord"}
    assert told(AFTER, notifications.LATE) == {}, "ce que l’on remplit soi-même n’est dit qu’une fois"


def test_colleagues_without_the_right_and_closed_accounts(nord: Cast) -> None:
    """`colleague_a` has it; a colleague may lose it, leave the association or the service."""
    make(nord)
    friends = organisation_of(nord.operator_a)
    factories.make_user(Role.OBSERVER, "59", organisation=friends)
    factories.make_user(Role.OPERATOR, "59", organisation=friends, refused=[Right.FOLLOW_ACTION])
    gone, closed = factories.make_user(), factories.make_user(Role.OPERATOR, "59", organisation=friends)
    factories.make_membership(gone, Role.OPERATOR, "59", organisation=friends, ends_on=day(22))
    User.objects.filter(pk=closed.pk).update(is_active=False)
    # Elsewhere with the right, here without it: what one organisation gives does not serve in another.
    guest = factories.make_user(Role.OPERATOR, "59")
    factories.make_membership(guest, Role.OBSERVER, "59", organisation=friends)
    assert set(told(BEFORE)) == {"Sacha Amis", "Charlie Amis"}


def test_one_e_mail_for_two_organisations(nord: Cast, mailbox: Mailbox) -> None:
    friends, north = organisation_of(nord.operator_a), organisation_of(nord.operator_b)
    factories.make_membership(nord.operator_a, Role.OPERATOR, "59", organisation=north)
    make(nord, "MOUS Lille", nord.operator_b)
    make(nord, "Médiation", nord.operator_a, nord.operator_b)
    ((subject, text),) = received(mailbox, nord.operator_a, BEFORE)
    assert subject == "Indicateurs à remplir avant le 30 juin : 2 dispositifs"
    names = re.findall(r"^(.+) \(pour (.+)\)$", text, re.MULTILINE)
    expected = [("MOUS Lille", north), ("Médiation", friends), ("Médiation", north)]
    assert sorted(names) == sorted((name, str(organisation)) for name, organisation in expected)


def test_nothing_for_what_is_closed_or_to_come(nord: Cast) -> None:
    make(nord, "Fermé", ended_on=day(10))
    make(nord, "À venir", starts_on=day(29))
    make(nord, "À peine commencé", starts_on=day(20))
    assert told(BEFORE) == {}
    assert told(AFTER) == {}


def test_what_is_refused_is_not_written(nord: Cast, mailbox: Mailbox) -> None:
    make(nord)
    set_mail_choices(user=nord.operator_a, muted={"reminder"})
    set_mail_choices(user=nord.correspondent59, muted={"late"})
    assert received(mailbox, nord.operator_a, BEFORE) == []
    assert received(mailbox, nord.correspondent59, AFTER) == []
    assert {mail.user for mail in Mail.objects.all()} == {nord.colleague_a}


# --- those who pilot -------------------------------------------------------------------------------------------


def test_the_correspondent_learns_who_is_late(nord: Cast, mailbox: Mailbox) -> None:
    make(nord, "MOUS Lille", nord.operator_b)
    partly = make(nord, "Médiation sanitaire", nord.operator_a)
    fill(partly, day(20), nord.operator_a, "public")
    assert received(mailbox, nord.correspondent59, BEFORE) == []
    assert received(mailbox, nord.correspondent59, JUNE_30) == []
    ((subject, text),) = received(mailbox, nord.correspondent59, AFTER)
    assert subject == "2 dispositifs en retard"
    assert "MOUS Lille (Solidarité Nord)\nIl manque depuis le 30 juin 2020 : public, scolarisation." in text
    assert (
        "Médiation sanitaire (Les amis de Lille)\nIl manque depuis le 30 juin 2020 : scolarisation." in text
    )
    assert f"https://jalons.exemple.test/dispositifs/{partly.public_id}/suivi/" in text


def test_only_where_one_may_change_the_dispositif(nord: Cast) -> None:
    make(nord)
    assert "Camille Nord" in told(AFTER, notifications.LATE)
    assert not {"Dominique Sud", "Claude Mairie", "Sacha Amis", "Alix National"} & set(
        told(AFTER, notifications.LATE)
    )


def test_a_town_hall_that_pilots_learns_it_too(nord: Cast) -> None:
    pilots = [organisation_of(nord.mairie)]
    operators = [organisation_of(nord.operator_a)]
    factories.make_action("Ramassage scolaire", pilots=pilots, operators=operators, starts_on=SPRING)
    assert "Claude Mairie" in told(AFTER, notifications.LATE)


def test_a_correspondent_of_some_communes(nord: Cast) -> None:
    """The right by the place of the sites holds for e-mails as on the screens."""
    near = factories.make_user(Role.CORRESPONDENT, factories.LILLE, name="Proche")
    factories.make_user(Role.CORRESPONDENT, factories.DUNKERQUE, name="Loin")
    make(nord, sites=[factories.make_site("Terrain", factories.LILLE)])
    readers = set(told(AFTER, notifications.LATE))
    assert near.name in readers
    assert "Loin" not in readers


# --- spending --------------------------------------------------------------------------------------------------


JANUARY, FEBRUARY = dt.date(2021, 1, 5), dt.date(2021, 2, 20)


def test_spending_is_asked_three_times_and_no_more(nord: Cast, mailbox: Mailbox) -> None:
    action = make(nord, "MOUS Lille", nord.operator_a)
    factories.make_funding(action, 2020, 90_000)
    days = [dt.date(2021, 1, 1) + dt.timedelta(days=number) for number in range(70)]
    writes = {
        today: subject
        for today in days
        for subject, text in received(mailbox, nord.correspondent59, today)
        if "Dépenses" in subject
    }
    assert set(writes) == {JANUARY, dt.date(2021, 2, 1), FEBRUARY}
    assert set(writes.values()) == {"Dépenses exécutées en 2020 : 1 dispositif à compléter"}
    asked = [text for subject, text in map(read, mailbox.received) if "Dépenses" in subject]
    assert all(f"/dispositifs/{action.public_id}/financements/" in text for text in asked)
    assert not any(re.search(r"\b90\b|€", text) for text in asked), "un montant dans un courriel"


def test_spending_that_is_told_is_not_asked(nord: Cast) -> None:
    from_2019, done = make(nord, "Ancien"), make(nord, "Complet")
    factories.make_funding(from_2019, 2019, 100)
    told_line = factories.make_funding(done, 2020, 100)
    told_line.__class__.objects.filter(pk=told_line.pk).update(executed=0)
    silent = make(nord, "Sans objet")
    line = factories.make_funding(silent, 2020, 100)
    line.__class__.objects.filter(pk=line.pk).update(blanks={"executed": "na"})
    assert told(JANUARY, notifications.SPENDING) == {}


def test_spending_of_what_closed_meanwhile(nord: Cast) -> None:
    factories.make_funding(make(nord, "Fini", ended_on=dt.date(2020, 12, 31)), 2020, 100)
    assert "Fini" in told(JANUARY, notifications.SPENDING)["Camille Nord"][1]


def test_spending_is_asked_of_the_pilots_before_the_correspondents(nord: Cast) -> None:
    town = organisation_of(nord.mairie)
    by_town = factories.make_action("De la ville", pilots=[town], starts_on=SPRING)
    by_nobody = factories.make_action(
        "Sans compte", pilots=[factories.make_organisation("Agence", "59")], starts_on=SPRING
    )
    for action in (by_town, by_nobody):
        factories.make_funding(action, 2020, 100)
    mails = told(JANUARY, notifications.SPENDING)
    assert {"Claude Mairie", "Camille Nord"} <= set(mails)
    assert "De la ville" in mails["Claude Mairie"][1]
    assert "Sans compte" not in mails["Claude Mairie"][1]
    assert "De la ville" not in mails["Camille Nord"][1]
    assert not {"Dominique Sud", "Sacha Amis", "Alix National"} & set(mails)


def test_without_the_right_to_read_funding_nothing_is_told(nord: Cast) -> None:
    town = organisation_of(nord.mairie)
    blind = factories.make_user(
        Role.INSTITUTION, factories.LILLE, organisation=town, refused=[Right.READ_FUNDING]
    )
    factories.make_funding(factories.make_action("De la ville", pilots=[town], starts_on=SPRING), 2020, 100)
    assert "Claude Mairie" in told(JANUARY, notifications.SPENDING)
    assert blind.name not in told(JANUARY, notifications.SPENDING)


# --- words and cost --------------------------------------------------------------------------------------------


def test_a_long_list_is_cut(nord: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notifications, "LISTED", 2)
    for number in range(5):
        make(nord, f"Dispositif n° {number}")
    for topic in (notifications.REMINDER, notifications.LATE):
        reader = "Sacha Amis" if topic == notifications.REMINDER else "Camille Nord"
        subject, text = told(AFTER, topic)[reader]
        assert "5 dispositifs" in subject
        assert text.count("Dispositif n°") == 2
        assert "Et 3 de plus, à voir dans Jalons : https://jalons.exemple.test/dispositifs/" in text


def test_names_are_written_as_they_are(nord: Cast) -> None:
    make(nord, "L’école & « les amis » <Lille>")
    assert "L’école & « les amis » <Lille>\n" in told(BEFORE)["Sacha Amis"][1]


def test_the_cost_does_not_follow_the_number_of_dispositifs(nord: Cast) -> None:
    site = factories.make_site("Terrain", factories.LILLE)

    def queries(today: dt.date) -> int:
        with CaptureQueriesContext(connection) as seen:
            assert list(letters_of(today, [today]))
        return len(seen)

    def grow(count: int) -> None:
        for number in range(count):
            action = make(nord, f"Dispositif {count}-{number}", nord.operator_a, sites=[site])
            factories.make_funding(action, 2020, 100)
            fill(action, day(20), nord.operator_a, "public")

    grow(2)
    few = [queries(AFTER), queries(JANUARY)]
    grow(38)
    assert [queries(AFTER), queries(JANUARY)] == few
