# Two commands that matter: make demo, make test. Every target installs what it lacks first (scripts/setup).
SHELL := /bin/bash
PY := .venv/bin/python
PACKAGES := carena_protocol carena_desktop carena_server
export PYTHONDONTWRITEBYTECODE := 1
PYTEST_ARGS ?=

.PHONY: help setup demo test test-all test-tools test-portal docs lint fmt fuzz bench deb apt-repository check-packages msi check-msi package-tools clean
.DEFAULT_GOAL := help

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## install everything that is missing
	@scripts/setup

demo: setup ## a real visit on this machine: server, relay, window, simulated patients (HEADLESS=1: by itself)
	@$(PY) -m demo.run $(if $(HEADLESS),--headless) $(DEMO_ARGS)

test: test-tools test-portal ## everything that fits 20 minutes, Debian packages too as root (the rest: make test-all)
	@$(PY) -m scripts.run_tests $(PYTEST_ARGS)

test-all: package-tools test-portal ## everything: the network laboratory and all packages as well (an hour or more, root)
	@$(PY) -m scripts.run_tests --all $(PYTEST_ARGS)

test-tools:
	@scripts/setup --package-check

test-portal: setup ## the portal's unit tests (node's own runner)
	@scripts/portal test

fuzz: setup ## a million inputs to every parser, in Python and in the portal (FUZZ_INPUTS=N)
	@$(PY) -m tests.fuzz --inputs $(or $(FUZZ_INPUTS),1000000) --json benchmarks/results/fuzz.json
	@CARENA_FUZZ_INPUTS=$$(( $(or $(FUZZ_INPUTS),1000000) / 7 )) .venv/bin/node --test tests/portal/fuzz.test.js

docs: setup ## the documentation in build/docs/html (warnings are errors, nothing loaded from elsewhere)
	@$(PY) -m scripts.docs

lint: ## style, types, import directions, sizes
	@scripts/setup --no-system
	@scripts/lint

fmt: ## format and fix what can be fixed
	@scripts/setup --no-system
	@.venv/bin/ruff check --fix . ; .venv/bin/ruff format .

bench: setup ## measure (BENCH=name for one); results in benchmarks/results
	@$(PY) -m demo.private_session -- $(PY) -m benchmarks.run $(BENCH)

package-tools: setup
	@scripts/setup --packages

deb: package-tools ## Debian packages of desktop and server in dist (DEB_ARGS="--xz" for a release, "--twice" to compare)
	@nice -n 10 $(PY) -m installers.linux.build $(DEB_ARGS)

apt-repository: deb ## put the packages into an apt repository (APT_FOLDER=DIR, CARENA_GPG_KEY=id of your key)
	@$(PY) -m installers.linux.repository $(or $(APT_FOLDER),dist/apt)

check-packages: deb ## install them into a minimal Debian, call, visit, upgrade, purge (root; CHECK_ARGS="--suite trixie")
	@$(PY) -m installers.linux.check_packages $(CHECK_ARGS)

msi: package-tools ## Windows packages (MSI and setup program) in dist (MSI_ARGS="--no-exe" leaves out the slow one)
	@nice -n 10 $(PY) -m installers.windows.build $(MSI_ARGS)

check-msi: msi ## install, call and uninstall the MSI under Wine 10 where Debian 13 can be had (root)
	@$(PY) -m installers.windows.check_wine

clean: ## remove what the targets made
	@rm -rf .venv node_modules demo-out build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
