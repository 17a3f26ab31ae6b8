"""What became of the mutants, for the person who must write the missing assertions."""

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from mutants.plan import ENDLESS, KILLED, SURVIVED, UNFIT


@dataclass(frozen=True, slots=True)
class Result:
    """`tests`: how many of the nearest tests reach the code that holds the fault."""

    name: str
    before: str
    after: str
    status: str
    tests: int

    @property
    def path(self) -> str:
        return self.name.partition(":")[0]


def results_of(path: Path) -> list[Result]:
    return [Result(**json.loads(line)) for line in path.read_text().splitlines()]


# (file, line, line of the mutant): see `mutants.equivalents`.
Equivalents = frozenset[tuple[str, str, str]]


def is_equivalent(result: Result, known: Equivalents) -> bool:
    return (result.path, result.before, result.after) in known


def survivors(results: list[Result], known: Equivalents) -> str:
    lines = []
    for result in sorted(results, key=lambda one: (one.path, int(one.name.split(":")[1].split()[0]))):
        if result.status == SURVIVED and not is_equivalent(result, known):
            reached = f"{result.tests} tests le traversent" if result.tests else "aucun test ne le traverse"
            lines.append(f"{result.name} ({reached})\n  - {result.before}\n  + {result.after}")
    return "\n".join(lines) or "Aucun survivant."


def table(found: dict[str, list[Result]], known: Equivalents) -> str:
    """One line a package, in Markdown, to be put into docs/mutants.md as it is."""
    rows = [
        "| Paquet | Mutants | Tués | Dont sans fin | Survivants | Équivalents | Part tuée |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, results in found.items():
        same = sum(one.status == SURVIVED and is_equivalent(one, known) for one in results)
        counts = Counter(one.status for one in results)
        killed, alive = counts[KILLED] + counts[ENDLESS], counts[SURVIVED] - same
        share = f"{100 * killed / (killed + alive):.1f} %".replace(".", ",") if killed + alive else "–"
        rows.append(
            f"| `{name}` | {len(results) - counts[UNFIT]} | {killed} | {counts[ENDLESS]} | {alive} | {same} | {share} |"
        )
    return "\n".join(rows)
