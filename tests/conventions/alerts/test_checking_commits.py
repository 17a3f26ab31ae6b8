"""The checks after a commit, as a server makes them: no transaction of a test holds anything."""

import pytest

from jalons.conventions.alerts import checking
from jalons.conventions.models import PendingCheck
from tests import factories
from tests.conventions.alerts.test_checking import FIRST, alerts, saved
from tests.conventions.samples import make_convention


@pytest.mark.django_db(transaction=True)
def test_after_a_real_commit_the_verdict_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    factories.make_cast()
    convention = make_convention()
    before = alerts(convention)
    assert not PendingCheck.objects.exists()
    saved(convention, FIRST, 123_456)
    after = alerts(convention)
    assert after != before
    monkeypatch.setattr(checking, "check", lambda *told, **named: 1 / 0)
    saved(convention, FIRST, 345_678)  # robust: the failure is in the journal only
    assert alerts(convention) == after
    assert PendingCheck.objects.count() == 1
