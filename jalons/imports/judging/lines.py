"""The rows of a table, judged by what the table is."""

from collections.abc import Sequence
from typing import Any

from jalons.history.services import Actor
from jalons.imports.choices import ChosenTable
from jalons.imports.enums import HOME_ONLY, TargetKind
from jalons.imports.judging.follow_ups import FollowUpJudge
from jalons.imports.judging.money import MoneyJudge
from jalons.imports.judging.national_actions import NationalJudge
from jalons.imports.judging.organisations import OrganisationJudge
from jalons.imports.judging.replies import Replies
from jalons.imports.judging.returned_descriptions import ReturnedDescriptionJudge
from jalons.imports.judging.returned_follow_ups import ReturnedFollowUpJudge
from jalons.imports.judging.returned_money import ReturnedMoneyJudge
from jalons.imports.judging.returned_sites import ReturnedSiteJudge
from jalons.imports.judging.sites import SiteJudge
from jalons.imports.judging.verdicts import JudgedLine

JUDGES: dict[str, Any] = {
    TargetKind.SITES: SiteJudge,
    TargetKind.CONDITIONS: SiteJudge,
    TargetKind.INDICATORS: FollowUpJudge,
    TargetKind.FUNDING: MoneyJudge,
    TargetKind.ORGANISATIONS: OrganisationJudge,
    TargetKind.ACTIONS: NationalJudge,
}
# Those that may leave to be filled in.
RETURNED: dict[str, Any] = {
    TargetKind.SITES: ReturnedSiteJudge,
    TargetKind.INDICATORS: ReturnedFollowUpJudge,
    TargetKind.FUNDING: ReturnedMoneyJudge,
    TargetKind.DESCRIPTIONS: ReturnedDescriptionJudge,
}


def judge_lines(
    chosen: ChosenTable, by: Actor, replies: Replies, *, rehearsal: bool = False
) -> Sequence[JudgedLine]:
    kind = chosen.target.kind
    if chosen.returned is not None:
        judge = RETURNED[kind](chosen, by, replies, returned=chosen.returned, rehearsal=rehearsal)
    elif kind in HOME_ONLY:  # the server does not know any more how it was signed
        return ()
    else:
        judge = JUDGES[kind](chosen, by, replies, rehearsal=rehearsal)
    lines: Sequence[JudgedLine] = judge.lines()
    return lines
