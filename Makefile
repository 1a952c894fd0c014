# The handful of verbs; `make help` lists them. Every variable can be given on the command line,
# as in: make run CUSTOMERS=2000 LANDING=/srv/landing

PYTHON ?= python3
HOME_DIR ?= data/home
LANDING ?= data/landing
TRUTH ?= data/truth
CUSTOMERS ?= 20000
# what to measure, as in: make bench BENCH="--growth 100000 300000"
BENCH ?=

BIN := .venv/bin
READY := .venv/.ready
CLIENTS := .clients/.ready

# Whatever the machine says: what is compiled is kept, or each of the many processes of a test run
# would compile Dagster, Great Expectations and us anew.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help setup clients run test lint bench ui lock clean

help: ## list these verbs
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | \
	  while IFS='|' read -r verb says; do printf '%-12s  %s\n' "$$verb" "$$says"; done

setup: $(READY) ## make the environment in .venv, from the lock file

clients: $(CLIENTS) ## install the BI clients that the tests read the warehouse with, in .clients

run: $(READY) ## make sample files if there are none, merge them, publish the warehouse
	@test -e "$(HOME_DIR)/guiyi.yml" || $(BIN)/guiyi init --home "$(HOME_DIR)"
	@test -n "$$(find "$(LANDING)" -type f 2>/dev/null | head -n 1)" || \
	  $(BIN)/guiyi sample --landing "$(LANDING)" --truth "$(TRUTH)" --customers $(CUSTOMERS)
	@$(BIN)/guiyi run --landing "$(LANDING)" --home "$(HOME_DIR)" --truth "$(TRUTH)"

test: $(READY) $(CLIENTS) ## run the tests and the examples in docstrings
	$(BIN)/python -m pytest -q -n 2 --dist loadscope --no-loadscope-reorder

lint: $(READY) ## check style, types and the directions of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(READY) ## measure the engine, Splink beside it and a night; write docs/benchmarks.md
	$(BIN)/python -m tests.bench.suite $(BENCH) --work data/bench --results data/bench/results \
	  --write docs/benchmarks.md

ui: $(READY) ## open Dagster's page on the same home
	$(BIN)/guiyi ui --home "$(HOME_DIR)" --landing "$(LANDING)"

lock: $(READY) ## resolve the dependencies anew into the lock files
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python .ci/lock.py

clean: ## remove the environments and all caches; data/ stays
	rm -rf .venv .clients build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The stamp is written last, so that a broken installation is begun again.
$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Guiyi needs Python 3.11 or later; name one: make setup PYTHON=python3.12" >&2; exit 1; }
	@echo "Making the environment in .venv (once; a minute or two)"
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check \
	  --no-deps --no-compile --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check \
	  --no-deps --no-build-isolation -e .
	@touch $@

# DuckDB 1.5 cannot live beside 2.0, and the Node client needs modules of its own.
$(CLIENTS): tests/clients/requirements.lock tests/clients/package-lock.json
	@command -v npm >/dev/null || { \
	  echo "The tests read the warehouse with Node's client, too: install Node.js 20 or later with npm, and say it again" >&2; exit 1; }
	@echo "Installing the clients that read the warehouse in tests, in .clients (once; half a minute)"
	@$(PYTHON) -m venv --clear .clients/python
	@.clients/python/bin/python -m pip install --quiet --disable-pip-version-check \
	  --no-deps --require-hashes -r tests/clients/requirements.lock
	@mkdir -p .clients/node
	@cp tests/clients/package.json tests/clients/package-lock.json tests/clients/.npmrc .clients/node
	@cd .clients/node && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@
