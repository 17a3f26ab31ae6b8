"""Model fields: an identifier for addresses, and a list of codes in one column."""

import secrets
from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from jalons.core import form_fields

# Without 0 o 1 i l u: read over the telephone, typed on a phone.
ALPHABET = "23456789abcdefghjkmnpqrstvwxyz"
PUBLIC_ID_LENGTH = 10


def new_public_id() -> str:
    """Ten random letters and figures: 6 × 10¹⁴ possibilities, not guessable."""
    return "".join(secrets.choice(ALPHABET) for _ in range(PUBLIC_ID_LENGTH))


class PublicIdField(models.CharField):  # type: ignore[type-arg]
    """What stands in addresses instead of the primary key, which counts rows."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._defaults = {
            "max_length": PUBLIC_ID_LENGTH,
            "default": new_public_id,
            "editable": False,
            "unique": True,
        }
        super().__init__(*args, **{**self._defaults, **kwargs})

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        for key, value in self._defaults.items():
            if kwargs.get(key) == value:
                del kwargs[key]
        # The table of history keeps a copy of this field that is not unique.
        if not self._unique:  # type: ignore[attr-defined]
            kwargs["unique"] = False
        return name, path, args, kwargs


class CodesField(models.TextField):  # type: ignore[type-arg]
    """A set of codes, kept as « |a|b| » so that every database finds one with `field__contains="|a|"`.

    In Python a tuple of str, in the order given, without repetition.
    """

    description = "Liste de codes"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"blank": True, "default": "", **kwargs})

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        if kwargs.get("default") == "":
            del kwargs["default"]
        if kwargs.get("blank") is True:
            del kwargs["blank"]
        return name, path, args, kwargs

    def get_default(self) -> tuple[str, ...]:
        return self.to_python(super().get_default())

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> tuple[str, ...]:
        return self.to_python(value)

    def to_python(self, value: Any) -> tuple[str, ...]:
        """From « |a|b| », a list, or nothing."""
        codes = value.split("|") if isinstance(value, str) else value or ()
        return tuple(dict.fromkeys(str(code) for code in codes if code))

    def get_prep_value(self, value: Any) -> str:
        codes = self.to_python(value)
        if any("|" in code for code in codes):
            raise ValueError("a code cannot contain « | »")
        return f"|{'|'.join(codes)}|" if codes else ""

    def value_to_string(self, obj: models.Model) -> str:
        return self.get_prep_value(self.value_from_object(obj))

    def validate(self, value: Sequence[str], model_instance: models.Model | None) -> None:
        known = self._labels()
        unknown = [code for code in value if known and code not in known]
        if unknown:
            raise ValidationError(f"Valeur inconnue\u00a0: {', '.join(unknown)}.", code="invalid_choice")
        if not value and not self.blank:
            raise ValidationError(form_fields.REQUIRED, code="blank")

    def formfield(self, **kwargs: Any) -> Any:
        options = {
            "label": self.verbose_name,
            "help_text": self.help_text,
            "required": not self.blank,
            "choices": list(self._labels().items()),
        }
        return form_fields.CodesField(**{**options, **kwargs})

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        """`get_<field>_display()` answers the labels, as a list."""

        def labels(instance: models.Model) -> list[str]:
            known = self._labels()
            return [known.get(code, code) for code in getattr(instance, name)]

        setattr(cls, f"get_{name}_display", labels)
        super().contribute_to_class(cls, name, private_only)

    def _labels(self) -> dict[str, str]:
        choices: Iterable[tuple[Any, Any]] = self.choices or ()
        return {str(code): str(label) for code, label in choices}
