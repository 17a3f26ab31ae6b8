"""`manage.py create_admin`: the first national administrator of an instance."""

import getpass
import os
import sys
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from jalons.accounts.services import ADMINISTRATION, create_admin
from jalons.core.navigation import full_address

NEXT_STEPS = """
Ensuite, depuis {origin}/administration/ :
  1. Comptes, « Inviter une personne » : un administrateur local ou un correspondant par département.
  2. Demandes d’accès : ceux qui demandent un compte depuis la page de connexion y arrivent.
  3. Vérifiez que les courriels partent (manage.py periodic toutes les cinq minutes) : les invitations en dépendent."""
PASSWORD = "JALONS_ADMIN_PASSWORD"  # noqa: S105  # the name of a variable


class Command(BaseCommand):
    help = (
        "Crée un compte d’administration nationale et sa structure. Le mot de passe est demandé, ou lu dans "
        f"{PASSWORD}\u00a0; il ne se donne jamais sur la ligne de commande, que d’autres peuvent lire."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--email", default="", help="adresse électronique, qui sert à se connecter")
        parser.add_argument("--name", default="", help="nom affiché")
        parser.add_argument("--organisation", default=ADMINISTRATION, help="nom de la structure")

    def handle(self, *args: Any, **options: Any) -> None:
        email = options["email"] or ask("Adresse électronique : ", "--email")
        name = options["name"] or ask("Nom affiché : ", "--name")
        password = os.environ.get(PASSWORD) or ask_password()
        try:
            user = create_admin(
                email=email, name=name, password=password, organisation=options["organisation"]
            )
        except ValidationError as error:
            raise CommandError("Compte non créé. " + " ".join(error.messages)) from error
        self.stdout.write(
            f"Compte créé pour {user.email}. Connectez-vous sur {full_address('accounts:sign_in')}."
        )
        self.stdout.write(NEXT_STEPS.format(origin=settings.ORIGIN))


def ask(question: str, instead: str) -> str:
    """Raises `CommandError` when there is nobody to answer."""
    if not sys.stdin.isatty():
        raise CommandError(f"Il manque {instead}, et il n’y a personne à qui le demander.")
    return input(question)


def ask_password() -> str:
    if not sys.stdin.isatty():
        raise CommandError(f"Donnez le mot de passe dans la variable {PASSWORD}.")
    first = getpass.getpass("Mot de passe (12 caractères au moins) : ")
    if first != getpass.getpass("Le même, une seconde fois : "):
        raise CommandError("Les deux mots de passe diffèrent. Recommencez.")
    return first
