# Everything a newcomer needs; `make` alone lists it. Needed beforehand: Python 3.11 to 3.13 as python3, make, git.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c

PYTHON ?= python3
UV_VERSION := 0.13.9
UV := $(if $(filter $(UV_VERSION),$(word 2,$(shell uv --version 2>/dev/null))),$(shell command -v uv),.tools/bin/uv)
BIN := .venv/bin
JOBS ?= 2
TESTS ?= tests
SOURCES := dags expectations penalty_radar reports tests transforms

.PHONY: help setup demo test check fuzz airflow lock spark benchmark benchmark-surges docs clean

help: ## list what there is
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | while IFS=$$'\t' read -r name text; do printf 'make %-17s %s\n' "$$name" "$$text"; done

setup: .venv/.installed ## make .venv from requirements.lock (all other targets do this by themselves)

demo: setup ## made-up portfolio through the real DAGs; prints where the report is and how it compares with the truth
	$(BIN)/penalty-radar demo

test: setup ## the test suite (TESTS=path for a part; JOBS=2 processes)
	$(BIN)/pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder $(TESTS)

check: setup ## ruff, mypy strict, import contracts, generated docs current
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/lint-imports
	$(BIN)/mypy
	$(BIN)/penalty-radar docs --check

airflow: setup ## Airflow with the DAGs on ./exports, its interface on localhost; Ctrl-C stops it
	@$(BIN)/python -m penalty_radar.airflow_server

docs: setup ## write the pages of docs/ that are made from the code
	$(BIN)/penalty-radar docs

benchmark: setup ## write docs/benchmarks.md
	$(BIN)/penalty-radar benchmark --write

benchmark-surges: setup ## the surge detector beside published ones on sets with a known answer (DATA=folder of the sets)
	$(BIN)/penalty-radar benchmark surges $(if $(DATA),--data $(DATA))

fuzz: setup ## coverage-guided fuzzing of the readers (TARGET=contents, recognise or whole; SECONDS=600); see tests/fuzz
	$(BIN)/python -m tests.fuzz.fuzz_readers $(or $(TARGET),whole) -max_total_time=$(or $(SECONDS),600)

spark: .venv-spark/.installed ## make .venv-spark, the second engine of the conformance test (needs Java 17)

lock: $(UV) ## resolve the dependencies of pyproject.toml anew within its bounds (UPGRADE=1: newest versions)
	$(UV) pip compile $(COMPILE) --group dev --extra objects pyproject.toml -o requirements.lock
	$(UV) pip compile $(COMPILE) requirements-spark.in -o requirements-spark.lock

clean: ## remove the demo, caches and Airflow's own folder; exports, warehouse, report and environments stay
	rm -rf demo build .airflow .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -not -path './.venv*' -not -path './.tools/*' -prune -exec rm -rf {} +

# ---- how the environments are made ----

# Versions and hashes for every Python and platform that is supported; no addresses, which differ from place to place.
COMPILE := --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
  --custom-compile-command 'make lock' $(if $(UPGRADE),--upgrade)

.PHONY: fitting-python
fitting-python:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' || { \
	  echo 'Penalty Radar needs Python 3.11, 3.12 or 3.13; found:' "$$($(PYTHON) --version 2>&1)." >&2; \
	  echo 'Install one (Debian, Ubuntu: apt-get install python3 python3-venv) or name it: make PYTHON=python3.12 ...' >&2; exit 1; }

.tools/bin/uv: | fitting-python # made unless a uv of this version is on the path
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo 'This Python cannot make environments. Debian, Ubuntu: apt-get install python3-venv' >&2; exit 1; }
	$(PYTHON) -m venv .tools
	.tools/bin/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@touch $@

.venv/.locked: requirements.lock | fitting-python $(UV)
	test -x $(BIN)/python || $(UV) venv --quiet --python "$$($(PYTHON) -c 'import sys; print(sys.executable)')" .venv
	$(UV) pip sync --quiet --python $(BIN)/python --require-hashes --compile-bytecode requirements.lock
	@touch $@

.venv/.installed: .venv/.locked pyproject.toml
	$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

.venv-spark/.installed: requirements-spark.lock | fitting-python $(UV)
	test -x .venv-spark/bin/python || $(UV) venv --quiet --python "$$($(PYTHON) -c 'import sys; print(sys.executable)')" .venv-spark
	$(UV) pip sync --quiet --python .venv-spark/bin/python --require-hashes requirements-spark.lock
	@touch $@
