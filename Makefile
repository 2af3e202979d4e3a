# zhengji: two commands do everything a newcomer needs, and set up what they need themselves.
#   make demo    the main job on local mail servers, with the Prefect UI beside it (ONCE=1: run once and exit)
#   make test    lint and the test suite, all but the long proofs (make proofs)
# For those who work on it: make quick (rules, letters, attribution, names, mail: seconds), make fast (all that is not slow), make lint.
VENV   := .venv
READY  := $(VENV)/.ready
LAID   := requirements/model.lock pyproject.toml scripts/set-up
export VENV
export PYTHONSAFEPATH := 1
export LC_ALL := C.UTF-8

.PHONY: help demo test proofs fast quick lint install serve lock clean
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

PYTEST := $(VENV)/bin/python -m pytest -n 2 --dist loadgroup
# What most changes touch, in under 30 s on two cores: rules, replies, attribution, names, settings, mail. The letters that
# whole mails cause are left to make fast.
QUICK  := tests/checks tests/replies tests/attribution tests/config tests/parsers/mail tests/parsers/names \
	tests/parsers/test_*.py tests/parsers/containers/test_kind_table.py \
	$(filter-out %/test_letters_out.py,$(wildcard tests/steps/test_*.py))

test: $(READY)
	@scripts/install-system-packages
	@$(MAKE) --no-print-directory lint
	@$(PYTEST) -m "not long" $(ARGS)

# Crashes at every point, damaged files and mails, other orders; their full sizes are bench/proofs.py.
proofs: $(READY)
	@scripts/install-system-packages
	@$(PYTEST) -m long $(ARGS)

fast: $(READY)
	@$(PYTEST) -m "not slow and not long" $(ARGS)

quick: $(READY)
	@$(PYTEST) -m "not slow and not long" $(QUICK) $(ARGS)

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
