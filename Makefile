# `make run` and `make test` are all that is needed; what they need themselves, they install.
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes
NAME ?=
# A database is named for tools that only import the settings.
SETTINGS_ONLY := DATABASE_URL=postgresql://nobody@/nowhere

.PHONY: run install test test-deep bench lint lock messages clean

run: install
	@exec $(BIN)/python manage.py up

install: $(VENV)/.runtime $(VENV)/.front-end $(VENV)/.messages

$(BIN)/python:
	@scripts/system-packages venv
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed; this is %d.%d." % sys.version_info[:2] if sys.version_info < (3, 11) else 0)'
	@echo "Making the environment in $(VENV)"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: requirements.lock | $(BIN)/python
	@scripts/system-packages run
	@echo "Installing Python packages"
	@$(PIP) -r requirements.lock
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.runtime
	@scripts/system-packages test
	@echo "Installing development packages"
	@$(PIP) -r requirements-dev.lock
	@touch $@

$(VENV)/.front-end: package-lock.json | $(VENV)/.runtime
	@echo "Installing front-end files"
	@scripts/front-end $(BIN)/python
	@touch $@

$(VENV)/.messages: $(wildcard locale/*/LC_MESSAGES/*.po) | $(VENV)/.runtime
	@$(BIN)/pybabel --quiet compile --directory locale --domain django
	@touch $@

test: install $(VENV)/.dev lint
	@$(BIN)/python -m pytest -n 2 --dist loadgroup -m "not deep and not journey"
	@$(BIN)/python -m pytest -m journey -p no:randomly

test-deep: install $(VENV)/.dev
	@$(BIN)/python -m pytest -m deep

bench: install $(VENV)/.dev
	@$(BIN)/python -m benchmarks $(NAME)

lint: install $(VENV)/.dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports --no-cache
	@$(SETTINGS_ONLY) $(BIN)/mypy --no-incremental config profiles archive cms
	@$(BIN)/djlint templates --lint --quiet
	@find templates -name '*.html' | xargs $(BIN)/djhtml --check --tabwidth 2
	@$(BIN)/python manage.py makemigrations --check --dry-run
	@scripts/check-deploy $(BIN)/python

lock: $(VENV)/.dev
	@$(BIN)/uv pip compile --quiet pyproject.toml --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header -o requirements.lock
	@$(BIN)/uv pip compile --quiet pyproject.toml --extra dev --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header -c requirements.lock -o requirements-dev.lock

messages: $(VENV)/.dev
	@$(BIN)/python manage.py makemessages -l zh_Hans --no-obsolete --no-wrap --add-location file -i node_modules -i var -i $(VENV) -i tests -i benchmarks

clean:
	rm -rf $(VENV) node_modules var .mypy_cache .ruff_cache .pytest_cache
