# Les commandes de Jalons. Il faut Python 3.11 ou plus récent, Node 20 ou plus récent et npm ; tout le reste s’installe ici, sans rien changer ailleurs.
PYTHON := .venv/bin/python
BENCH_ARGS ?=
FUZZ_ARGS ?=
NEWEST_ARGS ?=
ARGS ?=
DRAWS ?= 20
# Ce qui appartient au même « make » : la fin dit ce que chaque partie a coûté (tests/guards/parts.py).
export MAKE_RUN := $(shell echo $$PPID-$$(date +%s))
# Sinon, chaque programme que lance une vérification ou un test recompile tout le code.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help install run test check bench fuzz mutants properties newest demo lock

help: ## Affiche cette aide
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 18

install: ## Installe les dépendances verrouillées (Python et npm)
	@scripts/install

run: install ## Prépare la base, la démonstration, et sert Jalons sur 127.0.0.1:8000 (ou JALONS_PORT)
	@$(PYTHON) manage.py serve

test: install ## Lance tous les tests que la machine permet (options de pytest : ARGS) et dit lesquels manquent
	@$(PYTHON) scripts/test $(ARGS)

check: install ## Vérifie le style, les types, les couches, les gabarits et les migrations
	@$(PYTHON) scripts/check

bench: install ## Mesure les temps de réponse (options : BENCH_ARGS)
	@$(PYTHON) -m bench $(BENCH_ARGS)

fuzz: install ## Envoie des requêtes hostiles à chaque page, sur les deux bases (options : FUZZ_ARGS)
	@$(PYTHON) -m tests.fuzz $(FUZZ_ARGS)

newest: install ## Essaie Jalons sur une Debian 13 faite exprès, en root (options : NEWEST_ARGS)
	@$(PYTHON) scripts/newest $(NEWEST_ARGS)

mutants: install ## Glisse des fautes dans le code et dit lesquelles les tests laissent passer (ARGS="core/values --sample 60")
	@$(PYTHON) -m mutants $(ARGS)

properties: install ## Tire les tests de propriété vingt fois plus (DRAWS), d'une graine nouvelle (ARGS="tests/sites -n 2")
	@DRAWS=$(DRAWS) $(PYTHON) -m pytest -m hypothesis $(ARGS)

demo: install ## Refait la démonstration depuis le début
	@$(PYTHON) manage.py migrate --verbosity 0
	@$(PYTHON) manage.py demonstration --rebuild

lock: ## Reverrouille les dépendances Python avec uv
	@scripts/lock
