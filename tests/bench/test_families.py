"""The screens of the register, as the bench opens and times them: a few families ask as many queries as many."""

from typing import Any

import pytest

from bench import measure
from bench.budgets import BUDGETS
from bench.families import accompanied, add_families
from bench.fetching import InProcess
from bench.results import Result
from bench.screens import SCREENS, register_code
from jalons.demonstration.register import REGISTER_CODE
from jalons.households.services import create_register
from tests import factories
from tests.factories import Cast

pytestmark = pytest.mark.django_db


def counted(user: Any) -> dict[str, int | None]:
    queries = {}
    for screen in SCREENS:
        if screen.sealed or screen.fill is register_code:
            result = Result(screen.name, user.email)
            path = screen.path.format(**accompanied())
            measure.time_screen(result, screen, path, InProcess(user.email), 1)
            assert result.problem == "", (screen.name, result.problem)
            queries[screen.name] = result.queries
    return queries


def test_constant_queries_within_their_budget(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measure, "WARM_UPS", 0)
    factories.make_socle()
    user = cast.operator_a
    organisation = factories.organisation_of(user)
    site = factories.make_site("Rue du Port")
    action = factories.make_action("Médiation", operators=[organisation], sites=[site])
    register, _ = create_register(user=user, organisation=organisation, code=REGISTER_CODE)
    linked = {"sites": [site.public_id], "actions": [action.public_id]}
    add_families(register, user, **linked, number=3)
    few = counted(user)
    add_families(register, user, **linked, number=60, first=3)
    assert counted(user) == few
    over = {name: asked for name, asked in few.items() if asked and asked > (BUDGETS[name].queries or 0)}
    assert over == {}
    assert len(few) == 5
