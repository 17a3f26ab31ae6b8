"""E-mails about accounts, sent by the worker."""

from django.contrib.auth.tokens import default_token_generator
from django.core.cache import cache
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django_tasks import task

from jalons.accounts.models import User

PAUSE = 120  # seconds between two links for one account: nobody's mailbox is flooded


@task()
def send_password_link(email: str, site: str) -> None:
    """A link to choose a new password, to the active account of that address; nothing when there is none.

    The address travels rather than a link, so that no link waits in the queue, and so that asking takes the
    same time whether the account exists. `site` is the origin of the instance: « https://jalons.exemple.fr ».
    """
    user = User.objects.filter(email=email, is_active=True).first()
    if user is None or not cache.add(f"accounts.password_link.{user.pk}", True, PAUSE):
        return
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    path = reverse("accounts:new_password", args=[uid, default_token_generator.make_token(user)])
    send(user, "Choisir un nouveau mot de passe", "password_link", link=site + path)


@task()
def tell_password_changed(user_id: int, site: str) -> None:
    """So that the owner of the account knows, if it was not them."""
    user = User.objects.get(pk=user_id)
    link = site + reverse("accounts:forgotten")
    send(user, "Votre mot de passe a été changé", "password_changed", link=link)


def send(user: User, subject: str, template: str, **content: str) -> None:
    body = render_to_string(f"accounts/mail/{template}.txt", {"user": user, **content})
    send_mail(f"Jalons\u00a0: {subject}", body, None, [user.email])
