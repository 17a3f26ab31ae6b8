"""The trace of what leaves Jalons."""

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict

from jalons.accounts.enums import Right
from jalons.accounts.models import Organisation, User
from jalons.accounts.permissions import membership_territory
from jalons.exports.enums import Format
from jalons.exports.models import Download


def record_download(
    *,
    user: User,
    right: Right,
    export: str,
    label: str,
    fmt: Format,
    params: Mapping[str, Any],
    rows: int | None,
) -> Download:
    """Written before the first byte leaves: what is not traced is not sent."""
    return Download.objects.create(
        user=user,
        organisation=organisation_with(user, right),
        export=export,
        label=label[: Download._meta.get_field("label").max_length],
        format=fmt,
        parameters=plain_parameters(params),
        rows=rows,
    )


def complete_download(*, download: Download, rows: int) -> None:
    """The file was sent to its end."""
    Download.objects.filter(pk=download.pk).complete(rows)


def organisation_with(user: User, right: Right) -> Organisation | None:
    """In whose name: the first structure that gives the right."""
    for membership in user.active_memberships:
        if membership_territory(membership, right):
            return membership.organisation
    return None


def plain_parameters(params: Mapping[str, Any]) -> dict[str, str | list[str]]:
    """What was asked, as JSON: a list where a parameter was repeated. NUL has no place in a database."""
    if not isinstance(params, QueryDict):
        return {name: str(value).replace("\0", "") for name, value in params.items()}
    lists = {name: [value.replace("\0", "") for value in values] for name, values in params.lists()}
    return {
        name.replace("\0", ""): values[0] if len(values) == 1 else values for name, values in lists.items()
    }
