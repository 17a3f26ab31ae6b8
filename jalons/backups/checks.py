import logging

from django.db import DatabaseError

from jalons.backups.selectors import freshness
from jalons.core.checks import Health, Result

logger = logging.getLogger(__name__)


def recent_backup() -> Result:
    """Late is degraded, not broken: pages are still served."""
    try:
        backup = freshness()
    except DatabaseError:
        logger.exception("La table des sauvegardes ne se lit pas")
        return Result(Health.BROKEN, "la table des sauvegardes ne se lit pas")
    if not backup.watched:
        return Result(Health.OK, "non surveillée")
    sentence = "aucune encore" if backup.age is None else f"la dernière vérifiée a {backup.hours} h"
    return Result(Health.DEGRADED if backup.late else Health.OK, sentence)
