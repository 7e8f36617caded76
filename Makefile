# A fresh machine needs python3 >= 3.11 with venv and pip, git and make; everything else comes from the lock file.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
DATA ?= .data
PORT ?= 8000
CASES ?= 2000
WORKERS ?= 2

.PHONY: setup demo test lint types contracts tests search fuzz hostile simulate soak bench bench-scale bench-clients bench-import bench-sweep fmt schema schema-changes
.DEFAULT_GOAL := setup

setup: $(STAMP)

$(STAMP): requirements-dev.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Yingsu needs Python 3.11 or newer; name one with: make PYTHON=python3.12"; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

demo: setup
	$(BIN)/yingsu dev --data $(DATA) --port $(PORT) --cases $(CASES)

test: lint types contracts tests

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: setup
	$(BIN)/mypy

contracts: setup
	$(BIN)/lint-imports

tests: setup
	@tests/support/system-packages.sh
	@$(BIN)/python -m tests.support.front_end
	$(BIN)/pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder

# The property tests with other examples than those of `make test`, two thousand a property.
search: setup
	HYPOTHESIS_PROFILE=search $(BIN)/pytest -n $(WORKERS) --dist loadfile -m hypothesis

# A million requests, mutated at random, through the whole application: no 5xx, no untyped error, no leak, nothing written.
REQUESTS ?= 1000000
fuzz: setup
	$(BIN)/python -m tests.fuzz --requests $(REQUESTS)

# A real server under attack, while another client asks small things all the time; about a minute.
hostile: setup
	$(BIN)/python -m tests.hostile

# A year of Guangzhou, day by day, through a real scheduler and a real worker, judged by a reference written apart. An hour or two; `make test`
# lives it with 1,000 cases.
CASES_OF_THE_YEAR ?= 21500
simulate: setup
	$(BIN)/python -m tests.simulation --cases $(CASES_OF_THE_YEAR)

# A busy week, lived again and again while workers, schedulers, relays, the API, PostgreSQL and RabbitMQ are killed: no reminder lost, none
# doubled. About half a minute a round.
ROUNDS ?= 200
soak: setup
	$(BIN)/python -m tests.faults --rounds $(ROUNDS)

# The endpoint against other ways to answer the same; at 5 million cases against 50 thousand; under 200 clients; the import against COPY.
bench: setup
	$(BIN)/python -m benchmarks

bench-scale: setup
	$(BIN)/python -m benchmarks scale

bench-clients: setup
	$(BIN)/python -m benchmarks clients --servers

bench-import: setup
	$(BIN)/python -m benchmarks import_cases

# Reminders of five million obligations, set by set, against a bare INSERT … SELECT of the same rows.
bench-sweep: setup
	$(BIN)/python -m benchmarks sweep

fmt: setup
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

schema: setup
	$(BIN)/yingsu schema write schema
	$(BIN)/python -m tests.support.schema_changelog --write

# What changed in the schema since the last release.
schema-changes: setup
	@$(BIN)/python -m tests.support.schema_changelog
