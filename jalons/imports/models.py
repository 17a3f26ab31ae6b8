"""A file that someone gave, what would come of each of its rows, and what came of it."""

from functools import cached_property
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from jalons.accounts.models import Organisation
from jalons.core.fields import PublicIdField
from jalons.imports.enums import BatchState, CellVerdict, ImportAct, RowOutcome, TargetKind
from jalons.imports.querysets import BatchQuerySet


class ImportBatch(models.Model):
    """One file. `content`: its bytes, untouched; `sheets`: what was read in it (`storing`); both gone after a while.

    `choices`: what the person chose (`choices.Choices`). `pulse_at`: when the worker last said that it is at work;
    `attempts`: how often the work was begun. `failure`: why it stopped, in French.
    """

    public_id = PublicIdField()
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="auteur"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="structure"
    )
    created_at = models.DateTimeField("donné le", default=timezone.now, editable=False)
    file_name = models.CharField("fichier", max_length=255)
    file_kind = models.CharField("type de fichier", max_length=5)
    content = models.BinaryField("contenu", default=b"")
    sheets = models.BinaryField("lecture", default=b"")
    target = models.CharField("ce qu’est le tableau", max_length=13, choices=TargetKind, blank=True)
    choices = models.JSONField("choix", default=dict)
    state = models.CharField("état", max_length=8, choices=BatchState, default=BatchState.DRAFT)
    rehearsal = models.BooleanField("essai sans rien écrire", default=False)
    done = models.PositiveIntegerField("lignes faites", default=0)
    pulse_at = models.DateTimeField("signe de vie", null=True, editable=False)
    attempts = models.PositiveSmallIntegerField("tentatives", default=0)
    failure = models.CharField("arrêt", max_length=500, blank=True)
    applied_at = models.DateTimeField("enregistré le", null=True)
    undone_at = models.DateTimeField("annulé le", null=True)
    left = models.JSONField("gardé à l’annulation", default=list)

    annotated = models.BinaryField("copie annotée", default=b"", editable=False)
    copy_asked_at = models.DateTimeField("copie demandée le", null=True, editable=False)
    copy_failure = models.CharField("copie impossible", max_length=300, blank=True)

    objects = BatchQuerySet.as_manager()
    tables: Any = None  # what `services.drafts` read in `sheets`

    class Meta:
        verbose_name = "reprise d’un tableau"
        verbose_name_plural = "reprises de tableaux"
        indexes = [models.Index(fields=["organisation", "-created_at"], name="imports_batch_by_structure")]

    def __str__(self) -> str:
        return self.file_name

    @cached_property
    def places(self) -> dict[int, str]:
        """By line, where it stands in the file, for a table that was set upright. One query."""
        return dict(self.lines.exclude(where="").values_list("line", "where"))

    def source_of(self, line: int) -> str:
        """« ligne 14 »."""
        return self.places.get(line) or f"ligne {line}"

    @property
    def has_file(self) -> bool:
        """Its bytes are still kept."""
        return bool(self.content)

    @property
    def is_open(self) -> bool:
        """Its columns and rows may still be changed."""
        return self.state in (BatchState.DRAFT, BatchState.READY)


class ImportLine(models.Model):
    """What would come of one row. `cells`: `verdicts.JudgedCell`s; `fixes`: what was typed again, by field.

    `decision`: the site chosen (its public id), « new » or « leave ». `basis`: what the row was compared with; when it
    is another at the time of writing, someone wrote meanwhile (`moved`). `where`: of a table that was set upright, its
    place in the file.
    """

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="lines")
    line = models.PositiveIntegerField("ligne")
    where = models.CharField("endroit du fichier", max_length=60, blank=True)
    label = models.CharField("ce qu’elle nomme", max_length=200, blank=True)
    place = models.CharField("commune", max_length=120, blank=True)
    outcome = models.CharField("ce dont elle parle", max_length=7, choices=RowOutcome)
    verdict = models.CharField("verdict", max_length=8, choices=CellVerdict)
    why = models.CharField("raison", max_length=300, blank=True)
    site = models.CharField("site reconnu", max_length=10, blank=True)
    candidates = models.JSONField("sites possibles", default=list)
    point = models.JSONField("point écrit", default=list)  # latitude, longitude; empty when it writes none
    cells = models.JSONField("valeurs", default=list)
    decision = models.CharField("décision", max_length=10, blank=True)
    fixes = models.JSONField("corrections", default=dict)
    basis = models.CharField("comparée à", max_length=120, blank=True)
    is_written = models.BooleanField("à écrire", default=False)
    moved = models.BooleanField("changée entre-temps", default=False)

    class Meta:
        verbose_name = "ligne d’un tableau"
        constraints = [models.UniqueConstraint(fields=["batch", "line"], name="imports_line_once")]
        indexes = [models.Index(fields=["batch", "verdict", "line"], name="imports_line_by_verdict")]

    def __str__(self) -> str:
        return self.where or f"ligne {self.line}"

    def cell(self, key: str) -> dict[str, Any]:
        return next((cell for cell in self.cells if cell["key"] == key), {})


class ImportedFact(models.Model):
    """One version of a fact that a batch wrote; `previous`: the version that it replaced."""

    batch = models.ForeignKey(ImportBatch, on_delete=models.PROTECT, related_name="facts")
    line = models.PositiveIntegerField("ligne")
    kind = models.CharField("modèle", max_length=20)  # name of the model of `sites`
    fact = models.BigIntegerField("version écrite")
    previous = models.BigIntegerField("version d’avant", null=True)
    act = models.CharField("acte", max_length=9, choices=ImportAct)

    class Meta:
        verbose_name = "fait repris d’un tableau"
        constraints = [models.UniqueConstraint(fields=["kind", "fact"], name="imports_fact_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.fact}"


class ImportMapping(models.Model):
    """Which column is which, as an organisation last said it of tables of this shape."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    target = models.CharField("ce qu’est le tableau", max_length=13, choices=TargetKind)
    shape = models.CharField("forme", max_length=64)  # digest of the headers
    columns = models.JSONField("colonnes", default=dict)
    changed_at = models.DateTimeField("choisie le", auto_now=True)

    class Meta:
        verbose_name = "correspondance de colonnes"
        constraints = [models.UniqueConstraint(fields=["organisation", "shape"], name="imports_mapping_once")]

    def __str__(self) -> str:
        return f"{self.organisation} · {self.get_target_display()}"
