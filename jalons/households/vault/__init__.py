"""Keys and sealed content of a register of families. Pure: no database, no session, no settings.

`sealing`: a payload under a key. `derivation`: a key from a code. `holders`: who holds the key of a register, by a
code. `codes`: the codes themselves. `register`: an opened register, what the rest of the app works with.
See docs/adr/0087.
"""

from jalons.households.vault.derivation import DerivationCost, TooManyDerivations
from jalons.households.vault.register import OpenRegister, WrappedKey
from jalons.households.vault.sealing import UnreadableSeal

__all__ = ["DerivationCost", "OpenRegister", "TooManyDerivations", "UnreadableSeal", "WrappedKey"]
