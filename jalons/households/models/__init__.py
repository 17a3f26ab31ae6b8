"""The register of families of an organisation, and what crosses from one to another."""

from jalons.households.models.handing import HandedCopy, HouseholdHanding
from jalons.households.models.register import (
    ADVISED_MONTHS,
    Household,
    HouseholdKey,
    MappedIndicator,
    Register,
    RegisterErasure,
    RegisterKeyCopy,
    RegisterMember,
    RegisterReading,
    RegisterRetention,
    RetentionNotice,
    reference_of,
)
from jalons.households.models.table import RegisterImport

__all__ = [
    "ADVISED_MONTHS",
    "HandedCopy",
    "Household",
    "HouseholdHanding",
    "HouseholdKey",
    "MappedIndicator",
    "Register",
    "RegisterErasure",
    "RegisterImport",
    "RegisterKeyCopy",
    "RegisterMember",
    "RegisterReading",
    "RegisterRetention",
    "RetentionNotice",
    "reference_of",
]
