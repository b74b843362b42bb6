# make chat   start the service on the seed article
# make test   run all tests; installs what they need, Chromium and Redis too
# make test-train  test the training, too; installs torch
# make check  run the linters and the type checker
# make benchmarks  measure quality, growth, stages, start and load beside the peers: some ten minutes
# make lock   choose and pin the newest versions that pyproject.toml allows

SHELL := /bin/bash
PYTHON ?= $(shell command -v python3 || command -v python3.11)
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet
# uv takes a seventh of pip's time, but doesn't know pip's settings: where it finds nothing, pip may.
install = $(BIN)/uv pip install --quiet --system-certs --python $(BIN)/python $(1) || $(PIP) $(1)
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)

.PHONY: chat test test-train check benchmarks lock programs

chat: .venv/run.stamp
	$(BIN)/qa-service serve

# Packages of Python and of Debian come at once.
test:
	@$(MAKE) --no-print-directory --jobs=2 .venv/dev.stamp programs
	$(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile \
		--no-loadscope-reorder -m "not train and not alone"
	$(BIN)/python -m pytest -m alone

test-train: .venv/dev.stamp
	$(PIP) --editable '.[train]'
	$(BIN)/python -m pytest -m train tests/training

check: .venv/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/djlint --lint --quiet qa_service/web/templates
	$(BIN)/hadolint --ignore DL3059 Dockerfile

# They share the processor's cores with nothing else, so one after the other.
benchmarks: .venv/dev.stamp
	for script in quality growth stages start load; do $(BIN)/python benchmarks/$$script.py || exit 1; done

# Debian's python3 may come without venv's pip; the pip that is there can then put one in.
.venv/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")'
	$(PYTHON) -m venv .venv 2>/dev/null || { rm -rf .venv && $(PYTHON) -m venv --without-pip .venv \
		&& $(PYTHON) -m pip --python .venv/bin/python install --quiet pip; }

.venv/bin/uv: .venv/bin/python requirements/install.txt
	-$(PIP) --require-hashes --requirement requirements/install.txt

.venv/run.stamp: .venv/bin/uv requirements/run.txt pyproject.toml
	$(call install,--require-hashes --requirement requirements/run.txt)
	$(call install,--no-deps --no-build-isolation --editable .)
	touch $@

.venv/dev.stamp: .venv/run.stamp requirements/dev.txt
	$(call install,--require-hashes --requirement requirements/dev.txt)
	touch $@

# A browser for the tests of the page, a Redis server for those of the limits, curl for those of the
# documents, and what writes files of the kinds that are read.
programs:
	@missing=; \
	command -v chromium-headless-shell chromium chromium-browser google-chrome >/dev/null \
		|| missing+=" chromium-headless-shell"; \
	command -v redis-server redis-check-rdb >/dev/null || missing+=" redis-tools"; \
	command -v curl >/dev/null || missing+=" curl ca-certificates"; \
	command -v pandoc >/dev/null || missing+=" pandoc"; \
	command -v soffice >/dev/null || missing+=" libreoffice-writer-nogui"; \
	[ -z "$$missing" ] || { $(SUDO) apt-get update --quiet=2 && \
		$(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get install --quiet=2 --yes \
			--no-install-recommends $$missing >/dev/null; }

LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-header --no-annotate --upgrade
lock: .venv/dev.stamp
	$(LOCK) --group install --output-file requirements/install.txt
	$(LOCK) pyproject.toml --group build --output-file requirements/run.txt
	$(LOCK) pyproject.toml --group dev --output-file requirements/dev.txt
