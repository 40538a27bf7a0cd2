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
# COMPILED=1: with the code that reads pages compiled to C, as `make compile` does beforehand if need be.
COMPILED ?=

VENV := .venv
BIN  := $(VENV)/bin
# Stamps: what is installed, newer than the files that say so.
RUN  := $(VENV)/.installed
DEV  := $(VENV)/.installed-dev
SPARK := $(VENV)/.installed-spark
PIP  := $(BIN)/python -m pip -qq --disable-pip-version-check
# A copy of the package, so that Python's own files never stand beside what was compiled of older ones.
BUILT := build/compiled
# What a page passes through; the rest waits for Arrow and DuckDB.
HOT  := $(patsubst %,pipeline/%.py,clauses columns decode encoding glued kinds labels ledger lines model page roles sentences \
	skill_lists templates text tracing) $(wildcard pipeline/forms/*.py pipeline/html/*.py pipeline/parsers/*.py)
# Not a failure of the run, see `rolepages extract --help`.
QUARANTINED := 3

.DEFAULT_GOAL := help
.PHONY: help extract compile test test-spark test-browser fuzz check format bench bench-check bench-baseline venv constraints clean
.DELETE_ON_ERROR:

ifdef COMPILED
FASTER := $(BUILT)/.made
export PYTHONPATH := $(CURDIR)/$(BUILT)$(if $(PYTHONPATH),:$(PYTHONPATH))
endif

help:  ## list the targets
	@echo 'Usage: make TARGET [NAME=value ...]'
	@echo
	@sed -n 's/^\([a-z-]*\):[^#]*## */  \1\t/p' $(MAKEFILE_LIST) | expand -t 18
	@echo
	@echo 'Example: make extract RAW=dumps/ OUT=tables/ ARGS="--workers 4"'

extract: $(RUN) $(FASTER)  ## turn the pages in RAW (raw) into the tables in OUT (out); with STRICT=1 pages in quarantine are a failure
	@$(BIN)/rolepages extract '$(RAW)' --out '$(OUT)' $(ARGS); code=$$?; \
	if [ $$code -eq $(QUARANTINED) ] && [ -z '$(STRICT)' ]; then \
		echo '*** PUBLISHED, BUT SOME INPUTS ARE IN QUARANTINE: see the lines above; STRICT=1 makes this a failure ***' >&2; \
		exit 0; \
	fi; \
	exit $$code

compile: $(BUILT)/.made  ## compile what reads pages to C, for COMPILED=1 with other targets (needs a C compiler)

test: $(DEV) $(FASTER)  ## run the tests; TESTS="tests/test_store.py -x" for some of them
	$(BIN)/python -m pytest -n $(JOBS) $(if $(COMPILED),-o pythonpath="$(BUILT) .") $(TESTS)

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

bench: $(DEV) $(FASTER)  ## run every benchmark and print its figures
	@set -e; for file in benchmarks/bench_*.py; do echo "== $$file"; $(BIN)/python "$$file" $(ARGS); done

bench-check: $(DEV) $(FASTER)  ## fail when a page costs 15% more instructions than the baseline (needs valgrind)
	@$(BIN)/python benchmarks/instructions.py

bench-baseline: $(DEV) $(FASTER)  ## write what a page costs now as the baseline of bench-check
	@$(BIN)/python benchmarks/instructions.py --renew

venv: $(DEV)  ## make .venv with everything that development needs

constraints:  ## pin what a fresh environment resolves to now, all extras included
	$(PYTHON) -m venv --clear build/fresh
	build/fresh/bin/python -m pip -qq install '.[dev,spark]'
	build/fresh/bin/python -m pip freeze --all --exclude pip --exclude rolepages > constraints.txt
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

$(BUILT)/.made: $(RUN) Makefile $(shell find pipeline -name '*.py' -o -name '*.toml')
	@command -v $(or $(CC),cc) >/dev/null || { echo 'error: COMPILED=1 needs a C compiler; on Debian: apt install gcc python3-dev; all works without COMPILED' >&2; exit 1; }
	@$(BIN)/python -c 'import mypyc, setuptools' 2>/dev/null || $(PIP) install -c constraints.txt -e '.[compile]'
	@echo 'Compiling into $(BUILT), which takes some two minutes ...'
	@rm -rf $(BUILT) && mkdir -p $(BUILT) && cp -R pipeline $(BUILT)
	@cd $(BUILT) && MYPYC_OPT_LEVEL=2 MYPYC_DEBUG_LEVEL=0 '$(CURDIR)/$(BIN)/mypyc' --config-file '$(CURDIR)/pyproject.toml' $(HOT) >log 2>&1 || \
		{ tail -n 20 log >&2; echo 'error: not compiled, see above and $(BUILT)/log; all works without COMPILED' >&2; exit 1; }
	@rm -rf $(BUILT)/build
	@touch $@

$(DEV): $(RUN)
	@echo 'Installing the tools of development into $(VENV) ...'
	@$(PIP) install -c constraints.txt -e '.[dev]'
	@touch $@

$(SPARK): $(DEV)
	@echo 'Installing PySpark and a Java runtime into $(VENV) ...'
	@$(PIP) install -c constraints.txt -e '.[dev,spark]'
	@touch $@
