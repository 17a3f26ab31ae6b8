"""What the process that runs the tests is asked, and what it answers, as JSON files."""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from mutants.making import Mutant

PLAN = "JALONS_MUTANTS_PLAN"
KILLED, SURVIVED, ENDLESS, UNFIT = "killed", "survived", "endless", "unfit"


@dataclass(frozen=True, slots=True)
class Plan:
    """`files`: the sources of the package; `out`: where the results go; `jobs`: how many mutants at once."""

    files: list[str]
    mutants: list[Mutant]
    out: str
    jobs: int

    def write(self, path: Path) -> None:
        path.write_text(json.dumps(asdict(self)))


def plan() -> Plan:
    told = json.loads(Path(os.environ[PLAN]).read_text())
    mutants = [Mutant(**{**one, "lines": tuple(one["lines"])}) for one in told.pop("mutants")]
    return Plan(mutants=mutants, **told)
