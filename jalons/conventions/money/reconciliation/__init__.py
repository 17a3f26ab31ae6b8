"""The chain of the money of a convention: from its sheets to its payments, each link right or with its gap. Pure.

sheets → lines of the annex → its sub-totals → its total → actions of the article on payment → heading → deliberation →
accounting lines → payments. Nothing is corrected here, and an amount that nobody said is unknown, never 0.
"""

from jalons.conventions.money.reconciliation.chain import chain
from jalons.conventions.money.reconciliation.links import Chain, ChainStep, MoneyLink, MoneyLinkState

__all__ = ["Chain", "ChainStep", "MoneyLink", "MoneyLinkState", "chain"]
