"""Writes over a register and its members. Codes are derived before a transaction opens, never within it."""

from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from jalons.accounts.models import Organisation, User
from jalons.households.handing.waiting import box_fields
from jalons.households.models import Register, RegisterKeyCopy, RegisterMember
from jalons.households.vault import DerivationCost, OpenRegister, holders
from jalons.households.vault.codes import new_recovery_code, normalized, read_recovery_code
from jalons.households.vault.register import new_register, open_with

RECOVERY = "recovery"  # the holder that no member is


class RegisterRefusal(Exception):
    """Why it cannot be done, in French, for the person who asked."""


def cost() -> DerivationCost:
    return DerivationCost(settings.REGISTER_MEMORY_KIB)


def holder_of(user_id: int) -> str:
    return f"member-{user_id}"


# Opening --------------------------------------------------------------------------------------------------------


def open_register(member: RegisterMember, code: str) -> OpenRegister:
    """Raises `UnreadableSeal` when the code is not the right one, `TooManyDerivations` when it must wait."""
    holder = holder_of(member.user_id)
    private = holders.open_private(member.private_key, normalized(code), holder)
    copies = {copy.version: bytes(copy.wrapped) for copy in member.key_copies.all()}
    return open_with(member.register.organisation_id, private, holder, copies)


def open_by_recovery(register: Register, typed: str) -> OpenRegister:
    """Raises `MistypedCode` for a slip of the pen, `UnreadableSeal` for another code."""
    code = read_recovery_code(typed)
    private = holders.open_private(register.recovery_private, code, RECOVERY)
    copies = {copy.version: bytes(copy.wrapped) for copy in register.key_copies.filter(member__isnull=True)}
    return open_with(register.organisation_id, private, RECOVERY, copies)


# Beginning ------------------------------------------------------------------------------------------------------


def create_register(*, user: User, organisation: Organisation, code: str) -> tuple[OpenRegister, str]:
    """The register of an organisation, its first responsible person, and the recovery code: it is returned once."""
    opened = new_register(organisation.pk)
    recovery_code = new_recovery_code()
    pair = holders.new_pair(normalized(code), holder_of(user.pk), cost())
    recovery = holders.new_pair(recovery_code, RECOVERY, cost())
    with transaction.atomic():
        Organisation.objects.select_for_update().get(pk=organisation.pk)
        if Register.objects.filter(organisation=organisation).exists():
            raise RegisterRefusal("Votre structure a déjà un registre.")
        register = Register.objects.create(
            organisation=organisation,
            recovery_public=recovery.public,
            recovery_private=recovery.private,
            recovery_proof=opened.vouch(recovery.public, RECOVERY),
            **box_fields(opened),
        )
        member = RegisterMember.objects.create(
            register=register, user=user, responsible=True, **code_fields(pair)
        )
        give_key(opened, member, by=user)
        copy_key(opened, register, None, recovery.public, RECOVERY)
    return opened, recovery_code


def code_fields(pair: holders.HolderPair) -> dict[str, Any]:
    return {"public_key": pair.public, "private_key": pair.private, "code_chosen_at": timezone.now()}


def copy_key(
    opened: OpenRegister, register: Register, member: RegisterMember | None, public: bytes, holder: str
) -> None:
    """The key of the register, all its versions, for one holder, in place of what they had."""
    RegisterKeyCopy.objects.filter(register=register, member=member).delete()
    RegisterKeyCopy.objects.bulk_create(
        RegisterKeyCopy(register=register, member=member, version=copy.version, wrapped=copy.wrapped)
        for copy in opened.copies_for(public, holder)
    )


def give_key(opened: OpenRegister, member: RegisterMember, *, by: User) -> None:
    """In a transaction: wraps the key for a member, and vouches for their public key."""
    holder = holder_of(member.user_id)
    copy_key(opened, member.register, member, bytes(member.public_key), holder)
    member.proof = opened.vouch(member.public_key, holder)
    member.admitted_at, member.admitted_by = timezone.now(), by
    member.save(update_fields=["proof", "admitted_at", "admitted_by"])


# Members --------------------------------------------------------------------------------------------------------


def invite_member(*, register: Register, user: User, by: User) -> RegisterMember:
    """A person of the organisation: they choose a code, then somebody gives them the key."""
    member, _ = RegisterMember.objects.standing().get_or_create(
        register=register, user=user, defaults={"invited_by": by}
    )
    return member


def choose_code(*, member: RegisterMember, code: str) -> None:
    """A first code, or another in place of a lost one: the key must then be given again, by another member."""
    pair = holders.new_pair(normalized(code), holder_of(member.user_id), cost())
    with transaction.atomic():
        locked = locked_member(member.pk)
        RegisterKeyCopy.objects.filter(member=locked).delete()
        RegisterMember.objects.filter(pk=locked.pk).update(
            **code_fields(pair), admitted_at=None, admitted_by=None, proof=b""
        )


def change_code(*, opened: OpenRegister, member: RegisterMember, code: str) -> None:
    """Another code for who has the register open: nobody else is needed."""
    pair = holders.new_pair(normalized(code), holder_of(member.user_id), cost())
    with transaction.atomic():
        locked = locked_member(member.pk)
        check_current(opened, locked.register)
        for name, value in code_fields(pair).items():
            setattr(locked, name, value)
        locked.save(update_fields=["public_key", "private_key", "code_chosen_at"])
        give_key(opened, locked, by=locked.user)


def locked_member(pk: int) -> RegisterMember:
    """The register first, then the member: always in this order."""
    register_id = RegisterMember.objects.values_list("register", flat=True).get(pk=pk)
    Register.objects.select_for_update().get(pk=register_id)
    member = RegisterMember.objects.select_related("register", "user").get(pk=pk)
    if member.withdrawn_at is not None:
        raise RegisterRefusal("Cette personne vient d’être retirée du registre.")
    return member


def check_current(opened: OpenRegister, register: Register) -> None:
    """A register opened before the key changed gives nobody a key that is already the old one."""
    if opened.organisation_id != register.organisation_id or opened.version != register.key_version:
        raise RegisterRefusal("La clé du registre vient de changer\u00a0: ouvrez-le de nouveau.")


def admit_member(*, opened: OpenRegister, member: RegisterMember, fingerprint: str, by: User) -> None:
    """Gives the key to who chose a code. `fingerprint`: of the public key that the page showed: see `holders`."""
    with transaction.atomic():
        locked = locked_member(member.pk)
        check_current(opened, locked.register)
        if not locked.public_key or holders.fingerprint(locked.public_key) != fingerprint:
            raise RegisterRefusal(
                "Cette personne vient de choisir un autre code\u00a0: vérifiez ses douze chiffres."
            )
        give_key(opened, locked, by=by)


def recover(*, register: Register, user: User, typed: str, code: str) -> OpenRegister:
    """By the printed code, a person of the organisation becomes a member with a code of their own, responsible."""
    opened = open_by_recovery(register, typed)
    pair = holders.new_pair(normalized(code), holder_of(user.pk), cost())
    with transaction.atomic():
        current = Register.objects.select_for_update().get(pk=register.pk)
        check_current(opened, current)
        member, _ = RegisterMember.objects.standing().get_or_create(register=current, user=user)
        member.responsible = True
        for name, value in code_fields(pair).items():
            setattr(member, name, value)
        member.save()
        give_key(opened, member, by=user)
    return opened


def renew_recovery(*, opened: OpenRegister, register: Register) -> str:
    """Another recovery code, returned once; the former opens nothing any more."""
    code = new_recovery_code()
    pair = holders.new_pair(code, RECOVERY, cost())
    with transaction.atomic():
        current = Register.objects.select_for_update().get(pk=register.pk)
        check_current(opened, current)
        current.recovery_public, current.recovery_private = pair.public, pair.private
        current.recovery_proof = opened.vouch(pair.public, RECOVERY)
        current.recovery_made_at = timezone.now()
        current.save()
        copy_key(opened, current, None, pair.public, RECOVERY)
    return code


def set_responsible(*, member: RegisterMember, responsible: bool) -> None:
    with transaction.atomic():
        locked = locked_member(member.pk)
        if not responsible:
            check_somebody_stays(locked)
        RegisterMember.objects.filter(pk=locked.pk).update(responsible=responsible)


def check_somebody_stays(member: RegisterMember) -> None:
    others = RegisterMember.objects.present().filter(register=member.register_id, responsible=True)
    if member.responsible and not others.exclude(pk=member.pk).exists():
        raise RegisterRefusal(
            "Un registre garde une personne responsable\u00a0: désignez-en d’abord une autre."
        )
