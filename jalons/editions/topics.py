"""What editions write to people about."""

from jalons.discussions.topics import Topic

READY = Topic(
    "report-ready",
    "les rapports prêts",
    "Quand un rapport que vous avez demandé a pris plus d’une minute.",
    "Ne plus être prévenu qu’un rapport est prêt",
)
SHARED = Topic(
    "report-shared",
    "les rapports partagés",
    "Quand quelqu’un vous donne un rapport à lire ou à compléter.",
    "Ne plus être prévenu qu’un rapport est partagé",
)
EXPECTED = Topic(
    "report-expected",
    "les rappels du semestre",
    "En juin et en décembre, chaque semaine au plus, tant que votre structure doit un recensement ou un suivi.",
    "Ne plus recevoir les rappels du semestre",
)
