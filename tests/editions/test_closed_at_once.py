"""A half-year is closed in the very instant when another account of it is published: one is before the other."""

import contextlib
import datetime as dt
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from jalons.editing.refusals import Refused
from jalons.editions.enums import EditionStage
from jalons.editions.models import PeriodClosing, ReportEdition
from jalons.editions.services.life import publish_edition
from jalons.editions.services.periods import close_period
from tests import factories
from tests.editions.making import make_edition

MEETING = 0.3  # seconds: one that is held until the other ends does not come to the meeting
HALF_YEAR = dt.date(2025, 3, 1)


@pytest.mark.both_databases(reason="ce qu’une écriture voit de l’autre dépend de la base")
@pytest.mark.django_db(transaction=True)
def test_no_account_goes_out_once_its_half_year_is_closed() -> None:
    author = factories.make_user("national")
    by = factories.actor(author)
    account, draft = (
        make_edition(author, kind="bilan", area="nation", day=HALF_YEAR, made=False) for _ in range(2)
    )
    over = {"last_day": dt.date(2025, 6, 30), "at": dt.date(2025, 6, 30)}
    ReportEdition.objects.filter(pk=account.pk).update(stage=EditionStage.PUBLISHED, **over)
    ReportEdition.objects.filter(pk=draft.pk).update(stage=EditionStage.DRAFT, **over)
    account.refresh_from_db()
    refusals, met = at_once(
        {
            "closed": lambda: close_period(edition=account, by=by),
            "published": lambda: publish_edition(edition=draft, by=by),
        }
    )
    assert not met, "les deux ont lu avant que l’un des deux n’écrive"
    assert PeriodClosing.objects.count() == 1
    draft.refresh_from_db()
    if refusals:
        assert [*refusals] == ["published"]
        assert "rouvrez-le" in refusals["published"]
    assert draft.stage == (EditionStage.DRAFT if refusals else EditionStage.MAKING)


def at_once(works: dict[str, Callable[[], object]]) -> tuple[dict[str, str], list[bool]]:
    """What was refused, and who read what is closed at the same time as another: nobody, if something holds them."""
    started, read = threading.Barrier(len(works)), threading.Barrier(len(works))
    refusals: dict[str, str] = {}
    met: list[bool] = []

    def meet(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if "editions_periodclosing" in sql and sql.startswith("SELECT"):
            answer = execute(sql, params, many, context)
            with contextlib.suppress(threading.BrokenBarrierError):
                read.wait(MEETING)
                met.append(True)
            return answer
        return execute(sql, params, many, context)

    def work(name: str, write: Callable[[], object]) -> None:
        try:
            started.wait()
            with connection.execute_wrapper(meet):
                write()
        except Refused as refusal:
            refusals[name] = str(refusal)
        except Exception as fault:
            refusals[name] = repr(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=pair) for pair in works.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return refusals, met
