"""Writing indicators and what is told of them. Every function says who writes (`by`) and is all or nothing."""

from jalons.indicators.services.definitions import (
    SOCLE,
    Loaded,
    create_indicator,
    follow_indicator,
    load_socle,
    set_objective,
    update_indicator,
)
from jalons.indicators.services.follow_ups import (
    FollowUpContent,
    complete_follow_up,
    correct_follow_up,
    forget_draft,
    keep_draft,
    measurements_of,
    period_start,
    record_follow_up,
    withdraw_follow_up,
)

__all__ = [
    "SOCLE",
    "FollowUpContent",
    "Loaded",
    "complete_follow_up",
    "correct_follow_up",
    "create_indicator",
    "follow_indicator",
    "forget_draft",
    "keep_draft",
    "load_socle",
    "measurements_of",
    "period_start",
    "record_follow_up",
    "set_objective",
    "update_indicator",
    "withdraw_follow_up",
]
