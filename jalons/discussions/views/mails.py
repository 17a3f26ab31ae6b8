"""The e-mails that a person chooses to receive."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from jalons.accounts.decorators import signed_in
from jalons.discussions.forms import MailChoicesForm
from jalons.discussions.models import MailChoice
from jalons.discussions.services import set_mail_choices

CHOSEN = "Votre choix est enregistré."


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def mail_choices(request: HttpRequest) -> HttpResponse:
    """Where the foot of each e-mail leads: a link alone changes nothing, the form does."""
    muted = MailChoice.objects.muted_by(request.user)
    form = MailChoicesForm(request.POST if request.method == "POST" else None, muted=muted)
    if form.is_valid():
        set_mail_choices(user=request.user, muted=form.muted())  # type: ignore[arg-type]
        messages.success(request, CHOSEN)
        return redirect("discussions:mail_choices")
    return render(request, "discussions/mail_choices.html", {"form": form})
