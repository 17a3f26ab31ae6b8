"""The rows of a table, judged by what the table is."""

from collections.abc import Sequence
from typing import Any

from jalons.history.services import Actor
from jalons.imports.choices import ChosenTable
from jalons.imports.enums import TargetKind
from jalons.imports.judging.follow_ups import FollowUpJudge
from jalons.imports.judging.money import MoneyJudge
from jalons.imports.judging.replies import Replies
from jalons.imports.judging.sites import SiteJudge
from jalons.imports.judging.verdicts import JudgedLine

JUDGES: dict[str, Any] = {
    TargetKind.SITES: SiteJudge,
    TargetKind.CONDITIONS: SiteJudge,
    TargetKind.INDICATORS: FollowUpJudge,
    TargetKind.FUNDING: MoneyJudge,
}


def judge_lines(
    chosen: ChosenTable, by: Actor, replies: Replies, *, rehearsal: bool = False
) -> Sequence[JudgedLine]:
    return JUDGES[chosen.target.kind](chosen, by, replies, rehearsal=rehearsal).lines()
