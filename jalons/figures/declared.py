"""Where applications say that they have figures. Nothing here imports a model, so that an `apps.py` may import it."""

DECLARED: list[str] = []


def register_figures(path: str) -> None:
    """Declares the families that stand at `path`: a tuple of `registry.Family`."""
    if path not in DECLARED:
        DECLARED.append(path)
