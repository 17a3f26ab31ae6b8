"""The sample of each kind, given as it is by whoever may write: nothing is asked, nothing is refused."""

import datetime as dt
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from jalons.accounts.enums import Right
from jalons.accounts.permissions import has
from jalons.imports.enums import TargetKind
from jalons.imports.models import ImportBatch
from jalons.imports.permissions import may_write
from jalons.imports.samples import MAKERS
from tests import factories

pytestmark = pytest.mark.django_db
PEOPLE = (
    "correspondent59", "correspondent13", "mairie", "operator_a", "operator_b", "operator13", "contributor",
    "council", "local_admin", "admin", "national", "observer",
)  # fmt: skip


@pytest.fixture
def world(cast: Any) -> Any:
    factories.make_socle()
    mill = factories.make_site("Rue du Moulin")
    factories.make_survey(mill, dt.date(2020, 6, 1), 40)
    factories.make_site("=Friche", factories.ROUBAIX)
    operators = [factories.organisation_of(user) for user in (cast.operator_a, cast.operator_b)]
    for name in ("MOUS", "MOUS", "=Médiation"):
        factories.make_action(name, operators=operators, sites=[mill], themes=["school"])
    return cast


@pytest.mark.parametrize("person", PEOPLE)
def test_given_as_it_is_it_is_taken_whole(world: Any, client: Client, person: str) -> None:
    user = getattr(world, person)
    client.force_login(user, factories.BACKEND)
    page = client.get(reverse("imports:start")).content.decode()
    for kind in MAKERS:
        sample = client.get(reverse("imports:sample"), {"cible": kind})
        assert f"?cible={kind}" in page
        file = SimpleUploadedFile("modele.csv", sample.content, "text/csv")
        answer = client.post(reverse("imports:start"), {"file": file})
        if kind == TargetKind.FUNDING and not has(user, Right.READ_FUNDING):
            assert "vous ne lisez pas" in answer.content.decode()
            continue
        batch = ImportBatch.objects.latest("pk")
        assert (answer.status_code, batch.target) == (302, kind)
        assert client.post(answer["Location"], columns_of(client, answer["Location"])).status_code == 302
        batch.refresh_from_db()
        cells = [cell for line in batch.lines.all() for cell in line.cells]
        assert batch.lines.exists()
        if not may_write(user, kind) or not writes_there(world, person, kind):
            continue
        assert [(kind, cell) for cell in cells if cell["verdict"] in ("doubtful", "refused")] == []
        waiting = batch.lines.filter(is_written=False)
        assert [(kind, line.label, line.why) for line in waiting] == []
        assert batch.lines.filter(is_written=True).exists()


def writes_there(world: Any, person: str, kind: str) -> bool:
    """Of those who hold the right, those who have something of that kind to write on."""
    nothing = {
        "operator13": (TargetKind.SITES, TargetKind.CONDITIONS, TargetKind.INDICATORS, TargetKind.FUNDING),
        "correspondent13": (TargetKind.INDICATORS, TargetKind.FUNDING),
        "mairie": (TargetKind.INDICATORS, TargetKind.FUNDING),
        "council": (TargetKind.INDICATORS, TargetKind.FUNDING),
    }
    return kind not in nothing.get(person, ())


def columns_of(client: Client, url: str) -> dict[str, Any]:
    """The page of columns, sent back as it is."""
    form = client.get(url).context["form"]
    return {name: form[name].value() if form[name].value() is not None else "" for name in form.fields}
