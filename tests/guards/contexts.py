"""What Django's client keeps of an answer: the contexts of its pages, not those of each icon and each badge.

Django copies the context of every template that is rendered: hundreds a page, which no test reads. In a race, each of
each client would copy those of all the others.
"""

from copy import copy
from typing import Any

from django.template import RequestContext
from django.test import client
from django.test.utils import ContextList


def keep_pages_only(
    store: dict[str, Any], signal: Any, sender: Any, template: Any, context: Any, **kwargs: Any
) -> None:
    """In place of `store_rendered_templates`: a page has a request; what it extends or includes shares its context."""
    if isinstance(context, RequestContext) and context not in store.setdefault("whose", []):
        store["whose"].append(context)
        store.setdefault("templates", []).append(template)
        store.setdefault("context", ContextList()).append(copy(context))


def install() -> None:
    client.store_rendered_templates = keep_pages_only  # type: ignore[assignment]
