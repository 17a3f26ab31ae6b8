"""Writing what is shared. Every function says who writes (`by`) and is all or nothing."""

from jalons.sharing.services.offers import set_offer
from jalons.sharing.services.practices import (
    ask_review,
    give_back,
    publish,
    read_again,
    save_practice,
    withdraw_practice,
)

__all__ = [
    "ask_review",
    "give_back",
    "publish",
    "read_again",
    "save_practice",
    "set_offer",
    "withdraw_practice",
]
