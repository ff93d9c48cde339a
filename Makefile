# `make demo` and `make test` set themselves up: a Python of 3.11 or later is all that has to be there.

PYTHON ?=
VENV := .venv
RUN := $(VENV)/bin
READY := $(VENV)/.ready
BENCH := .venv-bench

.PHONY: help setup demo test chaos bench lint format lock clean

help:  ## what there is
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 10

setup: $(READY)  ## make .venv with everything in it, by the lock file

$(READY): dev.lock pyproject.toml deploy/setup.sh
	@deploy/setup.sh $(VENV) dev.lock "$(PYTHON)"

demo: setup  ## the whole pipeline on a broker inside the process, with a made-up stream
	@$(RUN)/vigil demo $(ARGS)

test: setup  ## all tests but the chaos suite; with a real Kafka where there can be one
	@$(RUN)/python -m tests.support.jars
	$(RUN)/pytest -n auto --maxprocesses 8 --dist worksteal -m "not chaos" $(ARGS)

chaos: setup  ## promises under kill -9, on three real brokers; takes minutes
	@VIGIL_REQUIRE_KAFKA=1 $(RUN)/python -m tests.support.jars
	VIGIL_REQUIRE_KAFKA=1 $(RUN)/pytest -m chaos --timeout 3600 $(ARGS)

bench: $(BENCH)/.ready  ## events a second, beside a plain loop, stock Faust and Quix Streams
	$(BENCH)/bin/python -m tests.bench.judge $(ARGS)
	$(BENCH)/bin/python tests/bench/pipeline.py $(ARGS)

$(BENCH)/.ready: bench.lock pyproject.toml deploy/setup.sh
	@deploy/setup.sh $(BENCH) bench.lock "$(PYTHON)"

lint: setup  ## what CI checks beside the tests
	$(RUN)/ruff check .
	$(RUN)/ruff format --check .
	$(RUN)/mypy
	$(RUN)/mypy --explicit-package-bases tests/support
	$(RUN)/lint-imports

format: setup  ## let ruff format all there is
	$(RUN)/ruff format .

lock:  ## pin again what pyproject.toml asks for, with hashes; needs `uv`
	@command -v uv >/dev/null || { echo "make lock needs uv: install it, then try again" >&2; exit 1; }
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --upgrade pyproject.toml -o requirements.lock
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --upgrade --group build -o deploy/build.lock
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --upgrade pyproject.toml --group dev --extra otel -o dev.lock
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --upgrade pyproject.toml --group dev --group bench --extra otel -o bench.lock

clean:  ## remove what can be made again
	rm -rf $(VENV) $(BENCH) .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
