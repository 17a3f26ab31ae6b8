"""Signs that repeat what stands above."""

from jalons.core.values import fold
from jalons.imports.reading.remembered import remembered

DITTOS = frozenset(
    ["idem", "id", "id.", "-id-", "ibid", "ibidem", '"', "''", "//", '""', "«", "»", "″", "〃", "’’", '- " -']
)


LONGEST = 8  # letters: most texts are settled by their length


def is_ditto(text: str) -> bool:
    return len(text) <= LONGEST and is_sign(text)


@remembered
def is_sign(text: str) -> bool:
    return text.strip() in DITTOS or fold(text).strip(" .-") in DITTOS
