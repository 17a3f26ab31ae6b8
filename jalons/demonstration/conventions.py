"""The real CALPAE 2022, imported as people do; an invented one of this year; as many more as the bench asks."""

from jalons.conventions.enums import ConventionRole
from jalons.conventions.exchange.reading import read, read_file
from jalons.conventions.importing.storing import store_file
from jalons.conventions.models import Convention, Seat
from jalons.conventions.versions.editions import freeze_for_vote
from jalons.demonstration.chance import DATA
from jalons.demonstration.people import Cast
from jalons.demonstration.shared_convention import text_of
from jalons.history.services import save_record

CALPAE = "calpae-2022"
# Who else works on the CALPAE: key of the structure, role, number of the sheet, breakdown.
SEATS = (
    ("childhood_59", ConventionRole.FICHE_REFERENT, 7, ""),
    ("dtml_59", ConventionRole.TERRITORY_CONTRIBUTOR, None, "DTML"),
    ("operator_a", ConventionRole.OPERATOR, 7, "SPRENE"),
    ("prefecture_59", ConventionRole.STATE_PARTNER, None, ""),
)


def load_calpae(cast: Cast) -> Convention:
    """The convention of the Nord as it was published, with who works on it and the version that was voted."""
    path = DATA / f"{CALPAE}.json"
    content = path.read_bytes()
    by = cast.actors["cd_59"]
    stored = store_file(file=read_file(content).file, by=by, name=path.name, content=content)
    [convention] = stored.conventions
    sheets = {
        number: commitment
        for commitment in convention.commitments.filter(parent=None)
        for number in commitment.numbers
    }
    for key, role, number, breakdown in SEATS:
        save_record(
            record=Seat(
                convention=convention,
                organisation=cast.organisations[key],
                role=role,
                commitment=sheets.get(number),
                breakdown=breakdown,
            ),
            by=by,
        )
    convention.refresh_from_db()
    freeze_for_vote(
        convention=convention,
        title="Version votée le 27 juin 2022",
        by=by,
        seen_revision=convention.revision,
        reason="Démonstration\u00a0: la convention a été votée ainsi.",
    )
    return convention


def load_shared(cast: Cast, year: int) -> Convention:
    """An invented convention of two Départements, with the directorate that owes some of its figures."""
    by = cast.actors["cd_59"]
    [convention] = store_file(file=read(text_of(year)).file, by=by, name="démonstration").conventions
    # None in a base that does not know the Pas-de-Calais: there is then one Département.
    north = convention.parties.filter(departement="59").first()
    for key, role, party, breakdown in (
        ("dtml_59", ConventionRole.TERRITORY_CONTRIBUTOR, north, "DTML"),
        ("prefecture_59", ConventionRole.STATE_PARTNER, None, ""),
    ):
        save_record(
            record=Seat(
                convention=convention,
                organisation=cast.organisations[key],
                role=role,
                party=party,
                breakdown=breakdown,
            ),
            by=by,
        )
    return convention
