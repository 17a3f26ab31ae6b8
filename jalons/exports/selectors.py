"""Reads for the page of downloads."""

from collections.abc import Sequence
from typing import Any

from jalons.accounts.enums import Right
from jalons.accounts.permissions import has
from jalons.exports.models import Download, PreparedFile
from jalons.exports.querysets import DownloadQuerySet


def may_see_others(user: Any) -> bool:
    """Does this person see the downloads of others, in their territory?"""
    return has(user, Right.MANAGE_ACCOUNTS)


def downloads(user: Any, *, everyone: bool) -> DownloadQuerySet:
    """Newest first: one's own, or with `everyone` all those that one may see. One query."""
    downloads = Download.objects.visible_to(user) if everyone else Download.objects.made_by(user)
    return downloads.select_related("user", "organisation").order_by("-at", "-pk")


def prepared_files(user: Any) -> Sequence[PreparedFile]:
    """Those of one person, newest first, without what they hold: one query."""
    return list(PreparedFile.objects.of(user).light().order_by("-asked_at", "-pk"))
