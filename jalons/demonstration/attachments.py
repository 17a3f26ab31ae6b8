"""What people write and attach beside the facts: comments under the sites, and a few documents."""

import datetime as dt
import hashlib
from collections.abc import Sequence
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.db import transaction

from jalons.demonstration.chance import data
from jalons.demonstration.loading import insert
from jalons.demonstration.plans import Plan
from jalons.demonstration.sites import Teller
from jalons.demonstration.writing import Story
from jalons.discussions.models import Comment
from jalons.documents.models import Document
from jalons.exports.contract import About
from jalons.exports.document import Document as Printed
from jalons.exports.document import Paragraph
from jalons.exports.pdf import to_pdf
from jalons.sites.models import Site, SiteReport


def comment(tell: Teller, stories: Sequence[tuple[Plan, Story]]) -> int:
    """One to three comments under half of the sites. Says how many; the sites must have been written."""
    comments = []
    for plan, story in stories:
        if story.site.merged_into_id or not tell.chance.happens(0.5):
            continue
        tell.plan, tell.story = plan, story
        texts = tell.chance.sample(tell.words["comments"], tell.chance.randint(1, 3))
        comments += [Comment(text=text, **signature(tell, writer(tell), days(tell))) for text in texts]
    insert(Comment, comments)
    return len(comments)


def days(tell: Teller) -> int:
    """How long ago something was said of this site."""
    return tell.chance.randint(tell.plan.silent, tell.plan.known)


def writer(tell: Teller) -> Any:
    town = tell.cast.town(tell.plan.commune)
    return tell.chance.choice([tell.operator, tell.operator, tell.state, *([town] if town else [])])


def signature(tell: Teller, by: Any, ago: int) -> dict[str, Any]:
    """The columns that a comment and a document share."""
    return {
        "public_id": tell.chance.public_id(),
        "content_type": ContentType.objects.get_for_model(Site),
        "object_id": tell.story.site.pk,
        "author": by.user,
        "organisation": by.organisation,
        "created_at": tell.moment(tell.day(ago), 0),
    }


def attach(tell: Teller, stories: Sequence[tuple[Plan, Story]]) -> int:
    """The documents of `data/documents.json`, on the first sites."""
    rows = [row for row in data("documents") if row["site"] < len(stories)]
    for row in rows:
        tell.plan, tell.story = stories[row["site"]]
        by = tell.operator if row["by"] == "operator" else tell.state
        content = content_of(row, tell.story.site, str(by.organisation), tell.moment(tell.day(row["ago"]), 0))
        described = {name: row[name] for name in ("name", "title", "note", "sensitive")}
        document = Document(
            **described,
            **signature(tell, by, row["ago"]),
            kind=row["name"].rpartition(".")[2],
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
        )
        document.file.save(row["name"], ContentFile(content), save=False)
        document.save(force_insert=True)
    return len(rows)


def content_of(row: dict[str, Any], site: Site, author: str, at: dt.datetime) -> bytes:
    if row["name"].endswith(".pdf"):
        about = About(perimeter=site.name, author=author, made_at=at)
        return to_pdf(Printed(row["title"], [Paragraph(text) for text in row["text"]], about))
    return "\n".join([*row["text"], ""]).encode()


def forget_files() -> None:
    """Remove the files of all documents and reports once the transaction is over."""
    files = [document.file for document in Document.objects.exclude(file="").only("file")]
    files += [report.photo for report in SiteReport.objects.exclude(photo="").only("photo")]

    def forget() -> None:
        for file in files:
            file.storage.delete(str(file.name))

    transaction.on_commit(forget)
