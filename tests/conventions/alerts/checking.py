"""What the tests of the checks share: a file read, changed, and what the rules find in it."""

import copy
import json
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import jalons.demonstration
from jalons.conventions.alerts.checking import run_whole, write_whole
from jalons.conventions.alerts.rules import Finding, check
from jalons.conventions.dossier.content import Dossier
from jalons.conventions.dossier.from_base import read_dossier
from jalons.conventions.exchange.reading import read
from jalons.conventions.models import Convention
from tests.conventions.samples import sample

Json = dict[str, Any]


@lru_cache(1)
def real_bytes() -> bytes:
    return (Path(jalons.demonstration.__file__).parent / "data" / "calpae-2022.json").read_bytes()


def real() -> Json:
    """The public convention of the Nord for 2022."""
    return json.loads(real_bytes())


def dossier_of(told: Json) -> Dossier:
    reading = read(told)
    assert reading.is_sound, [str(problem) for problem in reading.log.problems]
    return reading.file.dossiers[0]


def found(told: Json, rule: str = "") -> list[Finding]:
    """What the rules find, or one of them."""
    return [finding for finding in check(dossier_of(told)) if rule in ("", finding.rule)]


def broken(rule: str, change: Callable[[Json], Any], told: Json | None = None) -> list[Finding]:
    """What `rule` finds in the small convention once it is changed, and did not find before."""
    base = copy.deepcopy(told or sample())
    before = {finding.fingerprint for finding in found(base, rule)}
    change(base)
    return [finding for finding in found(base, rule) if finding.fingerprint not in before]


def check_now(convention: Convention) -> None:
    """All the rules on a convention of the base, their alerts written."""
    write_whole(run_whole(read_dossier(convention)))


def rows_of(told: Json, sheet: int = 0) -> list[Json]:
    return told["fiches"][sheet]["indicator_table"]["indicators"]


def lines_of(told: Json, table: int) -> list[Json]:
    return told["annexes_financieres"][0]["tables"][table]["rows"]
