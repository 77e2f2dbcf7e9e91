# make run starts the bot, make test proves it; everything is set up on the way.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
UV     := $(BIN)/uv
SYNC   := $(UV) pip install --quiet --python $(BIN)/python --require-hashes
PROJECT := $(UV) pip install --quiet --python $(BIN)/python --no-build-isolation --no-deps --no-index -e .
NO_PACKAGES = { echo "The packages could not be installed (see above); the first time this needs the network." >&2; exit 1; }

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run encoder test check bench chaos screenshots docs lock clean

help: ## show this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20

run: $(VENV)/.run ## start the bot (with DISCORD_TOKEN: on Discord; without: in a browser page)
	@$(BIN)/career-bot

encoder: $(VENV)/.run ## let the bot understand by meaning too (fetches 90 MB, once)
	@$(SYNC) -r requirements/semantic.lock || $(NO_PACKAGES)
	@$(BIN)/career-bot encoder fetch

test: $(VENV)/.dev ## run every check and test
	@$(MAKE) --no-print-directory check
	@$(BIN)/career-bot ask hello > /dev/null  # trains once what each process would train by itself
	OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist worksteal --cov --cov-report=
	$(BIN)/python -m coverage report --fail-under=88
	$(BIN)/python -m coverage report --include='bot/language/*,bot/advisor/*,bot/jobs/*' --fail-under=95

check: $(VENV)/.dev ## formatting, lint, types, import contracts, knowledge
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/career-bot knowledge check

bench: $(VENV)/.bench ## measure speed against a baseline in the same run (SETS=folder: accuracy on public sets)
	OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/python -m tests.benchmarks $(if $(SETS),--sets '$(SETS)')

chaos: $(VENV)/.dev ## prove that each job is announced exactly once, through crashes (an hour; ONLY=words: only such runs)
	$(BIN)/python -m pytest tests/chaos/exactly_once.py $(if $(ONLY),-k '$(ONLY)')

screenshots: $(VENV)/.dev ## draw the README's pictures anew (needs Chromium)
	$(BIN)/python -m tests.screenshots

docs: $(VENV)/.dev ## write the settings in README.md and .env.example anew
	$(BIN)/python -m tests.documents

lock: $(VENV)/.uv ## resolve the locked requirements anew
	$(UV) pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-emit-index-url --group dev --extra preview --extra semantic pyproject.toml -o requirements/dev.lock
	$(UV) pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-emit-index-url -c requirements/dev.lock --group build --extra preview pyproject.toml -o requirements/preview.lock
	$(UV) pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-emit-index-url -c requirements/dev.lock --group build pyproject.toml -o requirements/run.lock
	$(UV) pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-emit-index-url -c requirements/dev.lock --extra semantic pyproject.toml -o requirements/semantic.lock
	$(UV) pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-emit-index-url -c requirements/dev.lock --group bench pyproject.toml -o requirements/bench.lock

clean: ## remove what make built
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .coverage*

$(VENV)/bin/python:
	@command -v $(PYTHON) >/dev/null || { echo "There is no $(PYTHON). On Debian or Ubuntu: sudo apt install python3 python3-venv" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; $(PYTHON) is $$($(PYTHON) -V). Try: make PYTHON=python3.13" >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "This Python has no venv. On Debian or Ubuntu: sudo apt install python3-venv" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.uv: requirements/uv.txt | $(VENV)/bin/python
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt || $(NO_PACKAGES)
	@touch $@

$(VENV)/.run: requirements/preview.lock pyproject.toml $(VENV)/.uv
	@echo "Setting up (once) ..."
	@$(SYNC) -r requirements/preview.lock || $(NO_PACKAGES)
	@$(PROJECT)
	@touch $@

$(VENV)/.dev: requirements/dev.lock pyproject.toml $(VENV)/.uv
	@echo "Setting up (once) ..."
	@$(SYNC) -r requirements/dev.lock || $(NO_PACKAGES)
	@$(PROJECT)
	@touch $@ $(VENV)/.run

$(VENV)/.bench: requirements/bench.lock $(VENV)/.dev
	@$(SYNC) -r requirements/bench.lock || $(NO_PACKAGES)
	@touch $@
