"""Who may read a thing, to choose among them: for whom a comment is kept, whom it names."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from jalons.accounts.models import Membership, Organisation, User
from jalons.accounts.subjects import subject_of
from jalons.core.values import fold
from jalons.readership.selectors import reading_memberships
from jalons.readership.things import thing_of

LONGEST_NAME = 8  # words
ENDS = '.,;:!?…)»"'
MENTION = "@"


@dataclass(frozen=True, slots=True)
class Mentions:
    """The people named « @Prénom Nom » in a text, and the names that nobody among its readers has."""

    people: Sequence[User]
    unknown: Sequence[str]


@dataclass(frozen=True)
class ReaderList:
    """The memberships through which a thing is read today, by name of organisation then of person."""

    memberships: Sequence[Membership]

    @cached_property
    def people(self) -> dict[int, User]:
        return {
            membership.user_id: membership.user
            for membership in sorted(self.memberships, key=lambda membership: membership.user.name)
        }

    @cached_property
    def organisations(self) -> dict[int, Organisation]:
        return {membership.organisation_id: membership.organisation for membership in self.memberships}

    def labels(self) -> dict[int, str]:
        """« Camille Nord (DDETS du Nord) », by person."""
        theirs: dict[int, list[str]] = defaultdict(list)
        for membership in self.memberships:
            theirs[membership.user_id].append(str(membership.organisation))
        return {
            pk: f"{user.name} ({', '.join(dict.fromkeys(theirs[pk]))})" for pk, user in self.people.items()
        }

    def among(self, *, organisations: Iterable[int], people: Iterable[int], author: User) -> "ReaderList":
        """Only those for whom a comment is kept, and its author."""
        ours, theirs = set(organisations), {*people, author.pk}
        return ReaderList(
            [
                membership
                for membership in self.memberships
                if membership.organisation_id in ours or membership.user_id in theirs
            ]
        )

    def search(self, text: str, limit: int = 8) -> list[User]:
        """Those whose name has a word that begins like `text`."""
        start = fold(text)
        by_name = ((f" {fold(user.name)}", user) for user in self.people.values())
        return [user for name, user in by_name if f" {start}" in name][:limit]

    def mentioned_in(self, text: str) -> Mentions:
        """« @Prénom Nom » at the start of a word: the longest name that a reader has; homonyms are all named."""
        by_name: dict[str, list[User]] = defaultdict(list)
        for user in self.people.values():
            by_name[fold(user.name)].append(user)
        people: dict[int, User] = {}
        unknown: list[str] = []
        for words in after_signs(text):
            named = longest(words, by_name)
            people |= {user.pk: user for user in named}
            if not named:
                unknown.append(MENTION + " ".join(words[:2]).strip(ENDS))
        return Mentions(list(people.values()), unknown)


def after_signs(text: str) -> list[list[str]]:
    """The words after each « @ » that begins a word and is followed by a letter: not those of an e-mail address."""
    mentions = []
    for line in text.split("\n"):
        words = line.split()
        for index, word in enumerate(words):
            bare = word.lstrip('(«"[')
            if bare.startswith(MENTION) and bare[1:2].isalpha():
                mentions.append([bare[1:], *words[index + 1 : index + LONGEST_NAME]])
    return mentions


def longest(words: Sequence[str], by_name: dict[str, list[User]]) -> list[User]:
    for count in range(len(words), 0, -1):
        name = fold(" ".join(words[:count]).rstrip(ENDS))
        if name in by_name:
            return by_name[name]
    return []


def reader_list_of(obj: Any) -> ReaderList:
    """Everybody who may read `obj` today: those of « Qui peut lire ceci ? »."""
    reading = reading_memberships(thing_of(obj), obj, subject_of(obj).read)
    return ReaderList(
        sorted(reading, key=lambda membership: (str(membership.organisation), membership.user.name))
    )
