# Fener: six verbs. `make run` and `make test` work from a bare clone, without root.
VENV    := .venv
BIN     := $(VENV)/bin
# The newest Python on the path that is new enough (3.11); PYTHON=… overrules it.
PYTHON  ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
             command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
             && echo $$p && break; done)
PIP     := $(BIN)/python -m pip --disable-pip-version-check --quiet
PORT    ?= 8501

.PHONY: help install run test check bench browser clean

help:
	@echo "make run      open Fener at http://localhost:$(PORT) with the demo loaded"
	@echo "make test     run the whole test suite"
	@echo "make check    ruff, mypy, and the rules of the house"
	@echo "make bench    measure the engines against public instances in ../shared/data"
	@echo "make install  only make the environment"
	@echo "make clean    remove the environment"

$(VENV)/.made:
	@test -n "$(PYTHON)" || { echo "Fener needs Python 3.11 or newer; install it and run make again."; exit 2; }
	@echo "Making the environment with $$($(PYTHON) --version) …"
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.run: requirements.txt $(VENV)/.made
	@echo "Installing the pinned requirements …"
	@$(PIP) install -r requirements.txt
	@touch $@

$(VENV)/.test: requirements-dev.txt $(VENV)/.run
	@echo "Installing what tests need …"
	@$(PIP) install -r requirements-dev.txt
	@touch $@

install: $(VENV)/.run
	@$(BIN)/python -m desk.setup

run: install
	@echo "Fener: http://localhost:$(PORT)  (stop with Ctrl+C)"
	@$(BIN)/streamlit run app.py --server.port $(PORT)

# Chromium and PostGIS come from Debian's packages where that is possible;
# where it is not, the tests that need them say so (under CI=true they fail).
browser:
	@bash tests/system_packages.sh

test: $(VENV)/.test browser
	@$(BIN)/python -m desk.setup
	@$(BIN)/python -m pytest -n 2 --dist loadfile -q

check: $(VENV)/.test
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

bench: $(VENV)/.test
	@$(BIN)/python -m bench.travel ../shared/data/streets/andorra.osm.pbf --stops 200 --seed 1
	@$(BIN)/python -m bench.orienteering ../shared/data/orienteering/c104.txt --teams 1 --seconds 10 --seed 1 --compare
	@$(BIN)/python -m bench.orienteering_set ../shared/data/orienteering --seconds 10 --seeds 1
	@$(BIN)/python -m bench.rostering ../shared/data/rostering/Instance1.txt --seconds 60 --seed 1
	@$(BIN)/python -m bench.hotspots ../shared/data/events/houston_2010.csv.gz \
	  --train-until 2010-07-01 --test-until 2010-08-01 --cell-m 250 --shares 0.01 0.05
	@$(BIN)/python -m bench.hotspots_sweep ../shared/data/events/houston_2010.csv.gz
	@$(BIN)/python -m bench.hotspots_simulated
	@$(BIN)/python -m bench.risk_truth

clean:
	@rm -rf $(VENV) static/leaflet
