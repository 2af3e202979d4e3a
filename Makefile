# zhengji: two commands do everything a newcomer needs, and set up what they need themselves.
#   make demo    the main job on local mail servers, with the Prefect UI beside it (ONCE=1: run once and exit)
#   make test    the whole test suite
VENV   := .venv
READY  := $(VENV)/.ready
LAID   := requirements/model.lock pyproject.toml scripts/set-up
export VENV
export PYTHONSAFEPATH := 1
export LC_ALL := C.UTF-8

.PHONY: help demo test fast lint install serve lock clean
.DEFAULT_GOAL := help

help:
	@sed -n 's/^#   //p' Makefile

$(READY): requirements/dev.lock $(LAID)
	@scripts/install-system-packages run
	@scripts/set-up dev

$(READY)-demo: requirements/demo.lock $(LAID)
	@scripts/install-system-packages run
	@scripts/set-up demo

$(READY)-runtime: requirements/runtime.lock $(LAID)
	@scripts/install-system-packages run
	@scripts/set-up runtime

demo: $(READY)-demo
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

install: $(READY)-runtime

serve: install
	@$(VENV)/bin/zhengji serve

LOCK = uv pip compile --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate --quiet \
	--python-version 3.11 --universal

lock: $(READY)
	@$(VENV)/bin/python -m pip install -q uv
	@$(VENV)/bin/$(LOCK) pyproject.toml --override requirements/overrides.txt --extra dev -o requirements/dev.lock
	@$(VENV)/bin/$(LOCK) pyproject.toml --override requirements/overrides.txt --extra build --extra demo \
		-c requirements/dev.lock -o requirements/demo.lock
	@$(VENV)/bin/$(LOCK) pyproject.toml --override requirements/overrides.txt --extra build \
		-c requirements/dev.lock -o requirements/runtime.lock
	@$(VENV)/bin/$(LOCK) --no-deps requirements/model.in -o requirements/model.lock

clean:
	rm -rf $(VENV) zhengji-demo
