"""Signs that repeat what stands above."""

from jalons.core.values import fold

DITTOS = frozenset(
    ["idem", "id", "id.", "-id-", "ibid", "ibidem", '"', "''", "//", '""', "«", "»", "″", "〃", "’’", '- " -']
)


def is_ditto(text: str) -> bool:
    return text.strip() in DITTOS or fold(text).strip(" .-") in DITTOS
