# `make chat` and `make test` need only Python 3.11 or newer and make; the rest of the environment is made here.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: help chat test style types imports matcher run check bench load soak fuzz faults figures picture lock audit sbom clean

help: ## Show what can be made
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 18

$(READY): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Minidorp needs Python 3.11 or newer; set PYTHON=/path/to/python3.11"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable . --group dev
	@touch $(READY)

chat: $(READY) ## Talk with the bot in the terminal, without Telegram
	@$(BIN)/minidorp chat

run: $(READY) ## Serve Telegram (set MINIDORP_TOKEN first)
	@exec $(BIN)/minidorp run

check: $(READY) ## Check the curated files
	@$(BIN)/minidorp check

test: $(READY) ## Run every check: style, types, imports, curated files, tests
	@$(MAKE) --no-print-directory --jobs=2 style types imports check matcher
	$(BIN)/python -m pytest --numprocesses=auto --dist=worksteal

style: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY)
	$(BIN)/mypy

imports: $(READY)
	$(BIN)/lint-imports

# Fitted once and kept: otherwise the tests that need it would fit it at the same time, each for itself.
matcher: $(READY)
	$(BIN)/minidorp match </dev/null

bench: $(READY) ## Measure speed and accuracy beside the baselines
	$(BIN)/python -m pytest benchmarks -p no:cacheprovider --benchmark-columns=median,min,max,rounds -s

MADE_UP := tests/hostile tests/reminders/test_properties.py tests/telegram/test_rendering.py tests/matching/test_matcher.py

fuzz: $(READY) ## Send a hundred thousand hostile messages through the whole bot (an hour)
	MALLOC_ARENA_MAX=2 MALLOC_MMAP_THRESHOLD_=1048576 MALLOC_TRIM_THRESHOLD_=4194304 \
	  nice $(BIN)/python -m tests.hostile.long_run
	FUZZ=1 nice $(BIN)/python -m pytest --numprocesses=auto $(MADE_UP)

faults: $(READY) ## Meet every fault: killed at each step, longer outages; shows how soon all was well
	FAULTS=1 $(BIN)/python -m pytest tests/faults

# SECONDS is how long each measurement takes; the whole is about twenty times that, and a minute.
SECONDS ?= 8

# postgres: the bot on a PostgreSQL server of the tests, and not among a million parents, who stand in a file.
DATABASE ?= sqlite

load: $(READY) ## Measure the bot under load beside bare bots, and among a million parents (SECONDS=8 DATABASE=sqlite)
	MINIDORP_BENCH_SECONDS=$(SECONDS) MINIDORP_BENCH_DATABASE=$(DATABASE) $(BIN)/python -m pytest \
	  benchmarks/test_load.py $(if $(filter sqlite,$(DATABASE)),benchmarks/test_many_parents.py) -p no:cacheprovider -s

MINUTES ?= 30
PER_SECOND ?= 10
MODE ?= polling

soak: $(READY) ## See whether anything grows under a steady load (MINUTES=30 PER_SECOND=10 MODE=polling, or webhook)
	$(BIN)/python -m benchmarks.load.soak --minutes $(MINUTES) --per-second $(PER_SECOND) --mode $(MODE)

figures: $(READY) ## Measure matching, and renew the figures and tables of docs/matching.md
	@mkdir -p build docs/figures
	$(BIN)/minidorp evaluate --json tests/evaluation/*.jsonl > build/evaluation.json
	$(BIN)/python -m benchmarks.figures build/evaluation.json
	$(BIN)/python -m benchmarks.learning_curve

picture: $(READY) ## Draw the conversation of the README anew
	$(BIN)/python docs/picture.py

# Tools that only these need, in an environment of their own, made when one of them is asked for.
TOOLS := $(VENV)/tools

$(TOOLS)/bin/%:
	@$(PYTHON) -m venv $(TOOLS)
	$(TOOLS)/bin/python -m pip install --quiet --disable-pip-version-check uv pip-audit cyclonedx-bom
	@touch $(TOOLS)/bin/*

LOCKING := compile --quiet --generate-hashes --upgrade --python-version 3.11 --python-platform x86_64-manylinux_2_28 \
  --custom-compile-command 'make lock'

lock: $(TOOLS)/bin/uv ## Renew requirements.lock: every dependency, with its hashes
	$(TOOLS)/bin/uv pip $(LOCKING) --all-extras pyproject.toml --output-file requirements.lock
	$(PYTHON) -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["build-system"]["requires"], sep="\n")' \
	  | $(TOOLS)/bin/uv pip $(LOCKING) - --output-file requirements-build.lock

audit: $(TOOLS)/bin/pip-audit ## Look whether a locked dependency has a known vulnerability
	$(TOOLS)/bin/pip-audit --strict --require-hashes --disable-pip --requirement requirements.lock
	$(TOOLS)/bin/pip-audit --strict --require-hashes --disable-pip --requirement requirements-build.lock

sbom: $(TOOLS)/bin/cyclonedx-py ## Write the bill of materials (CycloneDX) to build/sbom.json
	@mkdir -p build
	$(TOOLS)/bin/cyclonedx-py requirements requirements.lock --pyproject pyproject.toml --mc-type application \
	  --output-format JSON --output-file build/sbom.json

clean: ## Remove the environment and what was built
	rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
