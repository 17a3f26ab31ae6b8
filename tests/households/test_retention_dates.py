"""When a household goes, and the files of keys: without a base."""

import datetime as dt
from pathlib import Path

from hypothesis import example, given
from hypothesis import strategies as st

from jalons.backups.apart import remove_old_apart
from jalons.households.retention.dates import erasure_month


@given(st.dates(dt.date(2000, 1, 1), dt.date(2090, 1, 1)), st.integers(1, 120))
@example(dt.date(2024, 1, 31), 1)
@example(dt.date(2024, 2, 29), 12)
@example(dt.date(2024, 12, 31), 24)
def test_a_household_never_stays_longer_than_asked(contact: dt.date, months: int) -> None:
    gone = erasure_month(contact, months)
    assert gone.day == 1
    passed = (gone.year - contact.year) * 12 + gone.month - contact.month
    assert passed == months


def test_files_of_keys_are_removed_after_thirty_days(tmp_path: Path) -> None:
    now = dt.datetime(2027, 3, 31, 12, tzinfo=dt.UTC)
    names = {
        "jalons-20270301T115959Z.familles": False,
        "jalons-20270301T120000Z.familles": True,
        "jalons-20270301T115959Z.jalons": True,
        "autre.familles": True,
    }
    for name in names:
        (tmp_path / name).write_text("x")
    remove_old_apart(tmp_path, now)
    assert {name: (tmp_path / name).exists() for name in names} == names
