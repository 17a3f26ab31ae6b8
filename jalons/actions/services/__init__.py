"""Writing dispositifs. Every function says who writes (`by`) and is all or nothing."""

from jalons.actions.services.deadlines import add_deadline, note_nudge, open_round, remove_deadline
from jalons.actions.services.declaring import close_action, declare_action, reopen_action
from jalons.actions.services.lasting import (
    Part,
    change_parts,
    intervention_of,
    set_dates,
    set_parts,
    set_sites,
)
from jalons.actions.services.money import Money, Worker, remove_money, set_money, set_team
from jalons.actions.services.records import (
    remove_contact,
    remove_insertion_site,
    save_contact,
    save_insertion_site,
    update_action,
)

__all__ = [
    "Money",
    "Part",
    "Worker",
    "add_deadline",
    "change_parts",
    "close_action",
    "declare_action",
    "intervention_of",
    "note_nudge",
    "open_round",
    "remove_contact",
    "remove_deadline",
    "remove_insertion_site",
    "remove_money",
    "reopen_action",
    "save_contact",
    "save_insertion_site",
    "set_dates",
    "set_money",
    "set_parts",
    "set_sites",
    "set_team",
    "update_action",
]
