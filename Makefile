# Two commands on a machine with Python 3.11+ and make: `make demo` and `make test`.

# The first that runs and is new enough.
PYTHON ?= $(shell for name in python3.11 python3.12 python3.13 python3; do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$name && break; done)
VENV ?= .venv
BIN := $(VENV)/bin
WORKERS ?= 2
ADDRESS ?= localhost:8000
# Where the demo's mails lead.
PUBLIC_URL ?= http://$(ADDRESS)
PYTEST := $(BIN)/python -m pytest -n $(WORKERS)

.PHONY: demo test lint format messages docs pictures bench lock clean

demo: $(VENV)/installed
	$(BIN)/python manage.py migrate --verbosity 0
	PUBLIC_URL=$(PUBLIC_URL) $(BIN)/python manage.py seed_demo
	@echo "Serving on $(PUBLIC_URL)/ (stop with Ctrl-C)"
	PUBLIC_URL=$(PUBLIC_URL) $(BIN)/python manage.py runserver $(ADDRESS)

test: $(VENV)/installed
	@failed=0; \
	echo "== SQLite"; CIAM_TEST_DATABASE=sqlite $(PYTEST) --ignore tests/browser || failed=1; \
	echo "== PostgreSQL and Valkey, with Chromium"; CIAM_TEST_DATABASE=postgresql $(PYTEST) || failed=1; \
	exit $$failed

lint: $(VENV)/installed
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tests.architecture.settings_reference --check
	$(BIN)/python -m tests.architecture.catalogues --check
	$(BIN)/python -m django makemigrations --check --dry-run --settings tests.settings
	set -a && . tests/example/production.env && $(BIN)/python manage.py check --deploy --fail-level WARNING --settings example_project.settings.production

format: $(VENV)/installed
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

# Needs GNU gettext.
messages: $(VENV)/installed
	$(BIN)/python -m tests.architecture.catalogues

docs: $(VENV)/installed
	$(BIN)/python -m tests.architecture.settings_reference

pictures: $(VENV)/installed
	$(BIN)/python -m tests.browser.pictures

# Needs Linux and a quiet machine. QUICK=1 sees that it runs, in two minutes, and writes no page.
bench: $(VENV)/installed
	$(BIN)/python -m tests.benchmarks $(if $(QUICK),--quick)

# After a change of the dependencies in pyproject.toml; needs uv.
lock:
	UV_NO_CONFIG=1 uv pip compile pyproject.toml --group dev --extra all --universal --python-version 3.11 \
		--generate-hashes --no-emit-index-url --no-emit-find-links --no-header --quiet --output-file requirements/dev.txt

clean:
	rm -rf .venv .venv-3.13 build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache

$(VENV)/installed: requirements/dev.txt
	@test -n "$(PYTHON)" || { echo "django-ciam needs Python 3.11 or newer."; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements/dev.txt
	@touch $@
