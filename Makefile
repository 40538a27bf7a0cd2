# Needs python3 (3.11 or newer), make, and a package index that pip knows. `make` alone lists the targets.

PYTHON ?= python3
RAW    ?= raw
OUT    ?= out
# STRICT=1: documents in quarantine fail `make extract`. ARGS: more flags for `rolepages extract`.
STRICT ?=
ARGS   ?=
# Test processes; 0 runs the tests in one.
JOBS   ?= auto
TESTS  ?=
SECONDS ?= 60
# Pages that `make test-spark` gives to both engines.
PAGES  ?= 20000

VENV := .venv
BIN  := $(VENV)/bin
# Stamps: what is installed, newer than the files that say so.
RUN  := $(VENV)/.installed
DEV  := $(VENV)/.installed-dev
SPARK := $(VENV)/.installed-spark
PIP  := $(BIN)/python -m pip -qq --disable-pip-version-check
# Not a failure of the run, see `rolepages extract --help`.
QUARANTINED := 3

.DEFAULT_GOAL := help
.PHONY: help extract test test-spark test-browser fuzz check format bench bench-check bench-baseline venv constraints clean
.DELETE_ON_ERROR:

help:  ## list the targets
	@echo 'Usage: make TARGET [NAME=value ...]'
	@echo
	@sed -n 's/^\([a-z-]*\):[^#]*## */  \1\t/p' $(MAKEFILE_LIST) | expand -t 16
	@echo
	@echo 'Example: make extract RAW=dumps/ OUT=tables/ ARGS="--workers 4"'

extract: $(RUN)  ## turn the pages in RAW (raw) into the tables in OUT (out); with STRICT=1 pages in quarantine are a failure
	@$(BIN)/rolepages extract '$(RAW)' --out '$(OUT)' $(ARGS); code=$$?; \
	if [ $$code -eq $(QUARANTINED) ] && [ -z '$(STRICT)' ]; then \
		echo '*** PUBLISHED, BUT SOME INPUTS ARE IN QUARANTINE: see the lines above; STRICT=1 makes this a failure ***' >&2; \
		exit 0; \
	fi; \
	exit $$code

test: $(DEV)  ## run the tests; TESTS="tests/test_store.py -x" for some of them
	$(BIN)/python -m pytest -n $(JOBS) $(TESTS)

test-spark: $(SPARK)  ## run the tests of Apache Spark and of a small cluster; brings PySpark and a Java runtime along
	ROLEPAGES_TEST_PAGES=$(PAGES) $(BIN)/python -m pytest -n 2 --dist loadfile $(or $(TESTS),tests/spark)

test-browser: $(DEV)  ## test the report and the evidence viewer in Chromium, which must be there
	REQUIRE_BROWSER=1 $(BIN)/python -m pytest -n $(JOBS) tests/browser $(TESTS)

fuzz: $(DEV)  ## look for pages that break the parsers, for SECONDS (60)
	$(BIN)/python -m tests.fuzz --seconds $(SECONDS)

check: $(DEV)  ## formatting, lint, types, direction of imports
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(DEV)  ## format the code and mend what ruff can mend
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(DEV)  ## run every benchmark and print its figures
	@set -e; for file in benchmarks/bench_*.py; do echo "== $$file"; $(BIN)/python "$$file" $(ARGS); done

bench-check: $(DEV)  ## fail when a page costs 15% more instructions than the baseline (needs valgrind)
	@$(BIN)/python benchmarks/instructions.py

bench-baseline: $(DEV)  ## write what a page costs now as the baseline of bench-check
	@$(BIN)/python benchmarks/instructions.py --renew

venv: $(DEV)  ## make .venv with everything that development needs

constraints:  ## pin what a fresh environment resolves to now, all extras included
	$(PYTHON) -m venv --clear build/fresh
	build/fresh/bin/python -m pip -qq install '.[dev,spark]'
	build/fresh/bin/python -m pip freeze --exclude rolepages > constraints.txt
	rm -rf build/fresh

clean:  ## remove the environment, caches and build results; RAW and OUT stay
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find pipeline tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

# The project is installed in place: a change of its code needs no new environment, a change of these files does.
$(RUN): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "error: Python 3.11 or newer is needed, this is %s; say which one: make PYTHON=python3.12" % sys.version.split()[0])'
	@$(PYTHON) -m venv $(VENV) || { echo "error: cannot make a virtual environment; on Debian: apt install python3-venv" >&2; exit 1; }
	@echo 'Installing into $(VENV) ...'
	@$(PIP) install -c constraints.txt -e .
	@touch $@

$(DEV): $(RUN)
	@echo 'Installing the tools of development into $(VENV) ...'
	@$(PIP) install -c constraints.txt -e '.[dev]'
	@touch $@

$(SPARK): $(DEV)
	@echo 'Installing PySpark and a Java runtime into $(VENV) ...'
	@$(PIP) install -c constraints.txt -e '.[dev,spark]'
	@touch $@
