"""A person in front of their opened register, as the session keeps it between two pages."""

from typing import Any

from django.test import Client
from django.utils import timezone

from jalons.households import session
from jalons.households.models import Register, RegisterMember
from jalons.households.vault import OpenRegister
from jalons.households.vault.register import new_register
from jalons.households.vault.sealing import new_key


def opened_for(*users: Any) -> OpenRegister:
    """A register of the organisation of the first person, who are all admitted; no code is derived, which is dear."""
    organisation = users[0].memberships.order_by("pk").first().organisation
    stored, _ = Register.objects.get_or_create(
        organisation=organisation,
        defaults={"recovery_public": b"p", "recovery_private": b"p", "recovery_proof": b"p"},
    )
    now = timezone.now()
    for user in users:
        RegisterMember.objects.get_or_create(
            register=stored, user=user, defaults={"code_chosen_at": now, "admitted_at": now}
        )
    return new_register(organisation.pk)


def client_of(user: Any, register: OpenRegister) -> Client:
    client = Client()
    client.force_login(user)
    key, state = new_key(), client.session
    state[session.IN_SESSION] = {
        str(register.organisation_id): {
            "sealed": session.text_of(register.sealed_under(key, str(user.pk))),
            "at": int(timezone.now().timestamp()),
        }
    }
    state.save()
    client.cookies[session.COOKIE] = session.text_of(key)
    return client
