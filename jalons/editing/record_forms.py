"""Forms about a record: what its fields say now, and two people in one form."""

from collections.abc import Mapping
from typing import Any

from jalons.core.ui import Difference
from jalons.editing.forms import APART, GroupedForm, VersionedForm, differing


class RecordForm(GroupedForm, VersionedForm):
    """A form about one record. `initial` is what the record says now, whether it is shown or sent."""

    @staticmethod
    def initial_of(record: Any) -> dict[str, Any]:
        """The fields, as the record or a line of its history says them."""
        raise NotImplementedError

    def values_to_save(self) -> dict[str, Any]:
        return self.described()

    def differences(self, seen: Mapping[str, Any], current: Any) -> list[Difference]:
        """Where the record says now something else than what was seen, and than what was typed.

        `seen`: the fields as the version that the person saw gives them; `current`: the record.
        """
        names = [name for name in self.fields if name not in APART and name in self.cleaned_data]
        return differing(self, names, seen_of=seen, theirs_of=self.initial, version=current)
