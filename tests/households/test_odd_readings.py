"""What the responsible person is shown first: many sheets at once, at night, refused codes; and what is not odd."""

import datetime as dt
from collections.abc import Iterable

from jalons.accounts.models import User
from jalons.core.values.dates import PARIS
from jalons.households.enums import RegisterAct
from jalons.households.journal import MANY_SHEETS, odd_readings
from jalons.households.models import RegisterReading

NOON = dt.datetime(2026, 3, 10, 12, tzinfo=PARIS)
ANA, ION = User(pk=1, name="Ana"), User(pk=2, name="Ion")


def readings(
    user: User, moments: Iterable[dt.datetime], act: RegisterAct = RegisterAct.SHEET
) -> list[RegisterReading]:
    return [RegisterReading(user=user, act=act, at=moment) for moment in moments]


def spread(number: int, over: dt.timedelta, start: dt.datetime = NOON) -> list[dt.datetime]:
    """The first and the last are exactly that far from one another."""
    return [start + over * place / (number - 1) for place in range(number)]


def words(rows: list[RegisterReading]) -> list[str]:
    return [odd.words for odd in odd_readings(sorted(rows, key=lambda row: row.at))]


def test_fifty_sheets_in_ten_minutes() -> None:
    ten, more = dt.timedelta(minutes=10), dt.timedelta(minutes=10, seconds=1)
    assert words(readings(ANA, spread(MANY_SHEETS, ten))) == ["50 fiches lues à la suite"]
    assert words(readings(ANA, spread(MANY_SHEETS - 1, ten))) == []
    assert words(readings(ANA, spread(MANY_SHEETS, more))) == []
    # Two people who read thirty each are no burst; neither is a list, nor what is written.
    assert words(readings(ANA, spread(30, ten)) + readings(ION, spread(30, ten))) == []
    for act in (RegisterAct.LIST, RegisterAct.CHANGED):
        assert words(readings(ANA, spread(MANY_SHEETS, ten), act)) == []
    # A run goes on as long as each window of ten minutes holds fifty; another, later, is told apart, the latest first.
    long = readings(ANA, spread(120, dt.timedelta(minutes=20)))
    later = readings(ANA, spread(55, ten, NOON + dt.timedelta(hours=2)))
    odd = odd_readings(long + later)
    assert [(one.user, one.words) for one in odd] == [
        (ANA, "55 fiches lues à la suite"), (ANA, "120 fiches lues à la suite"),
    ]  # fmt: skip
    assert (odd[1].since, odd[1].until) == (long[0].at, long[-1].at)


def test_at_night_in_paris() -> None:
    def at(day: int, hour: int, minute: int = 0, second: int = 0, month: int = 3) -> dt.datetime:
        return dt.datetime(2026, month, day, hour, minute, second, tzinfo=PARIS).astimezone(dt.UTC)

    assert words(readings(ANA, [at(10, 21, 59, 59), at(11, 6), at(11, 12)])) == []
    assert words(readings(ANA, [at(10, 22)])) == ["lectures de nuit (1)"]
    assert words(readings(ANA, [at(11, 5, 59, 59)])) == ["lectures de nuit (1)"]
    # One night from evening to morning; two nights are two; the list counts as a sheet does, a closed door does not.
    night = [at(10, 22), at(10, 23, 59, 59), at(11, 0), at(11, 5, 59)]
    assert words(readings(ANA, night)) == ["lectures de nuit (4)"]
    assert words(readings(ANA, [*night, at(11, 23)], RegisterAct.LIST)) == [
        "lectures de nuit (1)", "lectures de nuit (4)",
    ]  # fmt: skip
    assert words(readings(ANA, night, RegisterAct.OPENED)) == []
    # The night when clocks change is Paris's too: 4 h UTC is 6 h in summer, 5 h the day before.
    assert words(readings(ANA, [dt.datetime(2026, 3, 28, 4, 30, tzinfo=dt.UTC)])) == ["lectures de nuit (1)"]
    assert words(readings(ANA, [dt.datetime(2026, 3, 29, 4, 30, tzinfo=dt.UTC)])) == []


def test_refused_codes() -> None:
    moments = spread(3, dt.timedelta(days=2))
    assert words(readings(ANA, moments[:2], RegisterAct.REFUSED)) == []
    assert words(readings(ANA, moments, RegisterAct.REFUSED)) == ["3 codes refusés"]
