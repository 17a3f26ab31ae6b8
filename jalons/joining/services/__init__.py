"""Writing access. `accounts`: who has which rights; `activation`: the first password; `requests`: who asks."""

from jalons.joining.services.accounts import (
    add_membership,
    change_membership,
    close_account,
    create_organisation,
    end_grant,
    end_membership,
    grant_right,
    invite,
    record_event,
    reopen_account,
)
from jalons.joining.services.activation import activate, ask_activation_link, link_of, resend_activation
from jalons.joining.services.requests import approve, ask_access, ask_question, refuse, reply

__all__ = [
    "activate",
    "add_membership",
    "approve",
    "ask_access",
    "ask_activation_link",
    "ask_question",
    "change_membership",
    "close_account",
    "create_organisation",
    "end_grant",
    "end_membership",
    "grant_right",
    "invite",
    "link_of",
    "record_event",
    "refuse",
    "reopen_account",
    "reply",
    "resend_activation",
]
