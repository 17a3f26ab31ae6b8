"""What Jalons writes to people about. Apps declare their topics in `ready()`: no app below knows them.

Nothing here imports a model, so that an `apps.py` may import it.
"""

from collections.abc import Set
from dataclasses import dataclass

STOP = "Ne plus recevoir ces courriels"


@dataclass(frozen=True, slots=True)
class Topic:
    """A kind of e-mail that a person may refuse.

    `label` follows « Recevoir » on the page of choices (« les rappels d’échéances »); `help` says when such an
    e-mail comes; `stop` is the sentence of the link at its foot. `code` is kept in the database, 40 letters at
    most.
    """

    code: str
    label: str
    help: str = ""
    stop: str = STOP


_topics: dict[str, Topic] = {}


def register_topic(topic: Topic) -> None:
    """Declares a topic, in place of one of the same code."""
    _topics[topic.code] = topic


def topics() -> list[Topic]:
    """By label, as a person reads them."""
    return sorted(_topics.values(), key=lambda topic: topic.label)


def must_be_declared(codes: Set[str]) -> None:
    """`LookupError` for a code that nobody declared."""
    if unknown := codes - set(_topics):
        raise LookupError(f"{', '.join(sorted(unknown))} not registered in discussions.topics")


def stop_sentence(code: str) -> str:
    """What the link at the foot of an e-mail says, even when its topic has gone since it was written."""
    return _topics[code].stop if code in _topics else STOP
