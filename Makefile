# Two commands set everything up on a fresh machine: `make demo` and `make test`.
SHELL := /bin/bash
.DELETE_ON_ERROR:
VENV := .venv
BIN := $(VENV)/bin
PACKAGES := bot casework clerk cycles letters mailer ocr procedure store
# Many wait for servers and processes of their own: three keep two cores busy.
PYTEST_WORKERS ?= 3
PART ?=

OUT ?= build

.PHONY: help demo test check texts soak servers lock clean docs sbom audit coverage mutate

help:
	@echo "make demo   the main job on this machine: no server, no account, no key"
	@echo "make test   checks and tests, with real servers from Debian's packages"
	@echo "make check  ruff, mypy, import contracts"
	@echo "make soak   long crash, fuzz and simulation runs; PART=name for one of them"
	@echo "make texts  bring cycles/languages/*.po up to the texts in the code"
	@echo "make docs   the documentation's site, strictly, into build/site; no network"
	@echo "make sbom   the bill of materials (CycloneDX) from the lock, into build/sbom.json"
	@echo "make audit  ask the advisory database about every locked requirement"
	@echo "make coverage   branches that the tests run through; TESTS=path for a part"
	@echo "make mutate     mutation testing of procedure/; PART='procedure.uscc*' for a part"
	@echo "make lock   resolve requirements/*.in again (needs uv)"

$(VENV)/runtime.stamp: requirements/runtime.txt pyproject.toml scripts/venv.sh
	@scripts/venv.sh $(VENV)
	@echo "Installing the locked requirements (downloads about 240 MB the first time) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/runtime.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/dev.stamp: requirements/dev.txt $(VENV)/runtime.stamp
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/dev.txt
	@touch $@

demo: $(VENV)/runtime.stamp
	@$(BIN)/clerk demo

servers:
	@scripts/servers.sh

check: $(VENV)/dev.stamp
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

texts: $(VENV)/dev.stamp
	@$(BIN)/python -m tests.catalogue

test: $(VENV)/dev.stamp servers check
	@# Hundreds of processes load it, and some environments forbid Python to keep what it compiled.
	@$(BIN)/python -m compileall -q $(PACKAGES)
	@TMPDIR=$$(scripts/tmp.sh) $(BIN)/pytest -n $(PYTEST_WORKERS) --dist worksteal -m "not soak" tests

soak: $(VENV)/dev.stamp servers
	@$(BIN)/pytest -n 0 -m soak --timeout 7200 -s tests $(if $(PART),-k $(PART))

docs: $(VENV)/dev.stamp
	@DISABLE_MKDOCS_2_WARNING=true NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet --site-dir $(abspath $(OUT))/site
	@echo "$(OUT)/site/index.html"

sbom: $(VENV)/dev.stamp
	@mkdir -p $(OUT)
	@$(BIN)/cyclonedx-py requirements requirements/runtime.txt --pyproject pyproject.toml --spec-version 1.6 \
	  --output-reproducible --output-file $(OUT)/sbom.json
	@echo "$(OUT)/sbom.json"

audit: $(VENV)/dev.stamp
	@scripts/audit.sh $(BIN)/pip-audit

coverage: $(VENV)/dev.stamp servers
	@rm -rf $(OUT)/coverage && mkdir -p $(OUT)/coverage
	@$(BIN)/coverage run -m pytest -n 0 -m "not soak" $(or $(TESTS),tests)
	@$(BIN)/coverage combine --quiet $(OUT)/coverage && $(BIN)/coverage report

mutate: $(VENV)/dev.stamp
	@$(BIN)/python -m tests.mutants
	@cd mutants && ../$(BIN)/python -m pytest -p tests.mutants --mutants '$(or $(PART),*)' -q -n 0 -p no:cacheprovider \
	  --timeout 0 --hypothesis-profile=few tests/procedure; cat survivors.txt

lock:
	@for k in runtime dev; do uv pip compile -q --python-version 3.11 --universal --generate-hashes \
	  --no-emit-index-url --no-annotate --no-header --override requirements/overrides.txt \
	  requirements/$$k.in -o requirements/$$k.txt; done

clean:
	rm -rf $(VENV) build dist *.egg-info demo-output .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
