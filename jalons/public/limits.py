"""How many open pages one visitor may ask for in a minute: a program that empties them waits, people do not notice.

Counted in the memory of each process, which forgets at each minute: nothing is written, nobody is remembered. With
several processes the limit is as many times higher.
"""

import threading
import time
from dataclasses import dataclass, field

from django.conf import settings

MINUTE = 60
MOST_VISITORS = 20_000  # beyond, the minute begins again: memory stays bounded whoever asks


@dataclass
class VisitCounter:
    until: float = 0.0
    visits: dict[str, int] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def too_many(self, visitor: str, *, most: int, now: float) -> bool:
        """Counts this one."""
        with self.lock:
            if now >= self.until or len(self.visits) >= MOST_VISITORS:
                self.visits.clear()
                self.until = now + MINUTE
            self.visits[visitor] = self.visits.get(visitor, 0) + 1
            return self.visits[visitor] > most


visits = VisitCounter()


def is_too_fast(visitor: str | None) -> bool:
    """`visitor`: an address; without one everybody who has none shares the limit. No limit at all when it is 0."""
    most: int = settings.OPEN_PAGES_A_MINUTE
    return bool(most) and visits.too_many(visitor or "", most=most, now=time.monotonic())
