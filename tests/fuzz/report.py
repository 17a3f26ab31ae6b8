"""What a run did, in French."""

from jalons.core.values import format_number
from tests.fuzz.firing import Figures, kinds

LISTED = 12


def told(figures: Figures, database: str, seed: int) -> str:
    lines = [
        f"── {database}, graine {seed} : {format_number(figures.requests)} requêtes sur {len(figures.pages)} pages ──"
    ]
    statuses = ", ".join(f"{count} × {status}" for status, count in sorted(figures.statuses.items()))
    lines.append(f"Réponses : {statuses}")
    lines.append(
        "Par page : " + ", ".join(f"{name} {count}" for name, count in sorted(figures.pages.items()))
    )
    lines.append(
        "Le plus de requêtes à la base : "
        + ", ".join(f"{name} {count}" for name, count in figures.worst.most_common(LISTED))
    )
    broken = sum(count for status, count in figures.statuses.items() if status >= 500)
    lines.append(f"{format_number(broken)} × 5xx, {format_number(len(figures.failures))} échecs")
    for alike in kinds(figures.failures):
        first = alike[0]
        lines.append(f"\n  {len(alike)} × {first.kind}")
        lines.append(f"    {first.shot}")
        lines.append(f"    {first.what[:800]}")
        lines.append(
            f"    monde : {first.edge or 'ordinaire'} ; les autres : {[one.number for one in alike[1:9]]}"
        )
        lines.append(
            f'    à refaire : make fuzz FUZZ_ARGS="--db {database} --seed {seed} --number {first.number}"'
        )
    return "\n".join(lines)
