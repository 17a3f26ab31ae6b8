"""What people and organisations say of themselves in the directory."""

from django.db import models

from jalons.accounts.models import Organisation, User

EXPERTISE_LENGTH = 60


class Expertise(models.Model):
    """A « domaine de compétence », in the words of whoever wrote it first; `folded` makes one of two spellings."""

    label = models.CharField("intitulé", max_length=EXPERTISE_LENGTH)
    folded = models.CharField(max_length=120, unique=True, editable=False)

    class Meta:
        verbose_name = "domaine de compétence"
        verbose_name_plural = "domaines de compétence"

    def __str__(self) -> str:
        return self.label


class DirectoryCard(models.Model):
    """What one person shows beside their name and organisation. No card: their e-mail, and nothing else."""

    user = models.OneToOneField(
        User, on_delete=models.PROTECT, related_name="directory_card", verbose_name="compte"
    )
    show_email = models.BooleanField("montrer mon adresse électronique", default=True)
    phone = models.CharField("téléphone", max_length=40, blank=True)
    show_phone = models.BooleanField("montrer mon téléphone", default=False)
    show_role = models.BooleanField("montrer mon rôle dans Jalons", default=False)
    expertises = models.ManyToManyField(
        Expertise, related_name="cards", blank=True, verbose_name="domaines de compétence"
    )
    show_expertises = models.BooleanField("montrer mes domaines de compétence", default=True)

    class Meta:
        verbose_name = "fiche de l’annuaire"
        verbose_name_plural = "fiches de l’annuaire"

    def __str__(self) -> str:
        return f"{self.user}"


class OrganisationCard(models.Model):
    """The domains of an organisation, written by those who work there."""

    organisation = models.OneToOneField(
        Organisation, on_delete=models.PROTECT, related_name="directory_card", verbose_name="structure"
    )
    expertises = models.ManyToManyField(
        Expertise, related_name="organisation_cards", blank=True, verbose_name="domaines de compétence"
    )

    class Meta:
        verbose_name = "fiche d’une structure dans l’annuaire"
        verbose_name_plural = "fiches des structures dans l’annuaire"

    def __str__(self) -> str:
        return f"{self.organisation}"
