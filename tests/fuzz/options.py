"""The options of `make fuzz`."""

import argparse


def parser() -> argparse.ArgumentParser:
    found = argparse.ArgumentParser(
        prog="python -m tests.fuzz", description="Envoie des requêtes hostiles à chaque page."
    )
    found.add_argument("--seed", type=int, help="graine : la même refait les mêmes requêtes (au hasard)")
    found.add_argument("--requests", type=int, default=5000, help="nombre de requêtes par base (5000)")
    found.add_argument("--db", default="sqlite,postgres", help="sqlite, postgres ou les deux (les deux)")
    found.add_argument("--only", default="", help="seulement les pages dont le nom contient ce texte")
    found.add_argument("--number", type=int, help="refaire une seule requête, par son numéro")
    return found
