# zhengji: two commands do everything a newcomer needs, and set up what they need themselves.
#   make demo    the main job on local mail servers, with the Prefect UI beside it (ONCE=1: run once and exit)
#   make test    the whole test suite
VENV   := .venv
PYTHON ?= $(shell command -v python3.11 || command -v python3)
PIP    := PIP_DISABLE_PIP_VERSION_CHECK=1 $(VENV)/bin/python -m pip
READY  := $(VENV)/.ready
export PYTHONSAFEPATH := 1
export LC_ALL := C.UTF-8

.PHONY: demo test fast lint serve lock bench clean
.DEFAULT_GOAL := help

help:
	@sed -n 's/^#   //p' Makefile

$(READY): requirements/dev.lock pyproject.toml
	@scripts/install-system-packages run
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info[:2] == (3, 11) else "zhengji needs Python 3.11; set PYTHON=/path/to/python3.11")'
	@test -x $(VENV)/bin/python || $(PYTHON) -m venv $(VENV)
	@echo "installing the locked dependencies into $(VENV) (once)"
	@$(PIP) install -q --no-deps --require-hashes -r requirements/dev.lock
	@$(PIP) install -q --no-deps --no-build-isolation --editable .
	@touch $@

demo: $(READY)
	@$(VENV)/bin/zhengji demo $(if $(ONCE),--once)

test: $(READY)
	@scripts/install-system-packages
	@$(MAKE) --no-print-directory lint
	@$(VENV)/bin/python -m pytest -n 2 --dist loadgroup $(ARGS)

fast: $(READY)
	@$(VENV)/bin/python -m pytest -m "not slow" -n 2 --dist loadgroup $(ARGS)

lint: $(READY)
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/lint-imports
	@$(VENV)/bin/mypy

serve: $(READY)
	@$(VENV)/bin/zhengji serve

LOCK = $(VENV)/bin/python -m uv pip compile pyproject.toml --generate-hashes --no-emit-index-url --no-emit-find-links \
	--no-header --no-annotate --quiet --python-version 3.11 --override requirements/overrides.txt

lock:
	@$(PIP) install -q uv
	@$(LOCK) --extra dev -o requirements/dev.lock
	@$(LOCK) -o requirements/runtime.lock -c requirements/dev.lock

clean:
	rm -rf $(VENV) zhengji-demo
