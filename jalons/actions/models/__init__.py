"""Dispositifs, what lasts in them, their money and their follow-up."""

from jalons.actions.models.action import (
    Action,
    ActionContact,
    ActionSite,
    InsertionSite,
    Intervention,
    Lasting,
    Participation,
)
from jalons.actions.models.follow_up import Deadline, FollowUp, Nudge, ReminderRound
from jalons.actions.models.money import FundingLine, StaffLine

__all__ = [
    "Action",
    "ActionContact",
    "ActionSite",
    "Deadline",
    "FollowUp",
    "FundingLine",
    "InsertionSite",
    "Intervention",
    "Lasting",
    "Nudge",
    "Participation",
    "ReminderRound",
    "StaffLine",
]
