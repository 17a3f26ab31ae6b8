"""Families that add up the same rows name their sums together: one name is one sum."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.db.models import Count, Q, QuerySet, Sum

from jalons.figures.registry import shared_sums
from jalons.sites.models import Site


def rows_of(question: Any) -> QuerySet[Site]:
    return Site.objects.all()


def as_they_are(rows: Any, question: Any) -> Any:
    return rows


def family(name: str, **sums: Any) -> Any:
    shared = SimpleNamespace(rows=rows_of, joined=as_they_are, sums=lambda question: sums)
    return SimpleNamespace(name=name, shared=shared)


def test_a_name_is_one_sum() -> None:
    question: Any = None
    count = Count("pk", filter=Q(closed=False))
    same = [family("a", sites=count), family("b", sites=Count("pk", filter=Q(closed=False)), more=Sum("pk"))]
    assert set(shared_sums(same, question)[1]) == {"sites", "more"}
    with pytest.raises(LookupError, match="sites"):
        shared_sums([family("a", sites=count), family("b", sites=Count("pk"))], question)
