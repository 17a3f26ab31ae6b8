"""`python -m bench.hostile`: memory and duration of each hostile file, as the table of docs/securite.md.

Each file is read in a process of its own, as a web process would: what its child took, what it grew itself.
"""

import io
import json
import resource
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.hostile_attachments import ATTACHMENTS, WORD
from bench.hostile_files import WORKBOOKS
from jalons.core import confined
from jalons.core.confined import UnreadFile, read_confined
from jalons.core.confined.children import nursery
from jalons.spreadsheets.reading import WorkbookKind, read_sheets

MOST_UNFOLDED = 40 * 15 * 1024 * 1024  # bytes: `documents.checks`, for files of 15 MB


@dataclass
class Measure:
    name: str
    size: int  # bytes
    verdict: str  # empty: it was read
    seconds: float  # of processor, of the child
    child: int  # bytes, at most
    growth: int  # bytes, of the process that asked


def measure(name: str) -> Measure:
    """In a fresh process: the peaks that the system keeps never come down."""
    done = subprocess.run([sys.executable, "-m", "bench.hostile", name], capture_output=True, check=True)
    return Measure(**json.loads(done.stdout))


def measure_here(name: str) -> Measure:
    kind, make = (WORKBOOKS | ATTACHMENTS)[name]
    content = make()
    file = io.BytesIO(content)
    # A child has few turns on a busy machine: its processor time is what is bound here.
    confined.PATIENCE = 15 * 60
    # What making the file took does not count: the peak of this process starts again from here.
    Path("/proc/self/clear_refs").write_text("5")
    before = peak()
    try:
        verdict = inspected(file, kind) if name in ATTACHMENTS else read(file, kind)
    except UnreadFile as error:
        verdict = error.reason.value
    growth = peak() - before
    nursery.close()  # once it has ended, what its children used is counted as ours
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = used.ru_utime + used.ru_stime
    return Measure(name, len(content), verdict, seconds, used.ru_maxrss * 1024, growth)


def read(file: io.BytesIO, kind: str) -> str:
    read_sheets(file, WorkbookKind(kind))
    return ""


def inspected(file: io.BytesIO, kind: str) -> str:
    """As `jalons.documents.checks` asks for it."""
    options = {} if kind == "pdf" else {"kind": kind, "media_type": WORD, "unfolded": MOST_UNFOLDED}
    task = "pdf" if kind == "pdf" else "office"
    [answer] = read_confined(f"jalons.documents.inspection.{task}:inspect", file, **options)
    return str(answer["objection"])


def peak() -> int:
    """The most memory that this process held, in bytes."""
    [line] = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")]
    return int(line.split()[1]) * 1024


def french(seconds: float) -> str:
    return f"{seconds:.1f}".replace(".", ",")


def table() -> str:
    lines = [
        "| Fichier | Taille | Réponse | Processeur | Enfant | Processus web |",
        "|---|---|---|---|---|---|",
    ]
    for name in WORKBOOKS | ATTACHMENTS:
        file = measure(name)
        lines.append(
            f"| {name} | {file.size / 1024:.0f} Ko | {ANSWERS[file.verdict]} | {french(file.seconds)} s | "
            f"{file.child / 1024 / 1024:.0f} Mo | + {file.growth / 1024 / 1024:.0f} Mo |"
        )
    return "\n".join(lines)


ANSWERS = {
    "": "lu",
    "damaged": "abîmé",
    "oversized": "démesuré",
    "memory": "trop de mémoire",
    "time": "trop long",
    "protected": "protégé",
    "busy": "occupé",
    "unread": "abîmé",
}

if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(asdict(measure_here(sys.argv[1]))))
    else:
        print(table())
