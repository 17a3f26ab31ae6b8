"""What a convention writes in small letters."""

from jalons.conventions.dossier import ledger
from jalons.conventions.dossier.content import Dossier


def running_texts(dossier: Dossier) -> list[str]:
    """What the convention writes in small letters: it says which accents its capitals lack."""
    articles = [
        str(each.get("text") or "") if isinstance(each, dict) else str(each)
        for article in dossier.articles
        for each in (article.paragraphs if isinstance(article.paragraphs, list) else ())
    ]
    labels = [line.label for line in ledger.annex_lines(dossier)]
    return [*articles, *labels, *(sheet.commitment.title for sheet in dossier.sheets)]
