# Every target sets up what it needs: a virtual environment with pinned versions.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.ready
# One worker more than processors: many tests wait for processes, sockets and deadlines.
WORKERS ?= $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)
# Many tests start the command anew: each time a second less where its compiled modules may be kept.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: demo test check explore bench quality faults pictures clean

$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt "pip>=25.1"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt --group dev -e .
	touch $@

demo: $(STAMP)
	$(BIN)/kawat demo

test: $(STAMP)
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal --durations=25

check: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/kawat check --defaults

explore: $(STAMP)
	HYPOTHESIS_PROFILE=explore $(BIN)/python -m pytest -n $(WORKERS) $$(grep -rl "from hypothesis" tests --include="test_*.py")

bench: $(STAMP)
	for each in $$(ls bench | sed -n 's/^\([a-z]*\)\.py$$/\1/p' | grep -v pictures); do echo "== $$each"; $(BIN)/python -m bench.$$each || exit 1; done

quality: $(STAMP)
	$(BIN)/python tests/quality/report.py

faults: $(STAMP)
	$(BIN)/python tests/flow/faults.py
	KAWAT_BACKFILL_PAGES=1000 $(BIN)/python -m pytest tests/flow/test_backfill.py -k killed_at_a_random_moment

pictures: $(STAMP)
	$(BIN)/python -m bench.pictures

clean:
	rm -rf $(VENV) build dist kawat-demo
