# make demo: sets everything up and recolours the hair in an embedded clip.
# make demo-nails: sets everything up and paints the nails of the hands in an embedded clip.
# make demo-makeup: sets everything up and makes up the face in an embedded clip.
# make test: sets up the development environment and runs the whole suite.

PYTHON ?= $(shell command -v python3.11 || command -v python3.12 || echo python3)
VENV := .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help demo demo-nails demo-makeup test check core lock clean

help:
	@sed -n 's/^# make /make /p' Makefile
	@echo "make check: ruff, mypy, fresh protobuf code and reference pages"
	@echo "make core: runs a graph in an environment with the core install only"
	@echo "make lock: resolves requirements/*.txt anew"
	@echo "make clean: removes the environment and what the demo wrote"

demo: $(VENV)/.demo
	"$(BIN)/python" -m demo.hair --output out

demo-nails: $(VENV)/.demo
	"$(BIN)/python" -m demo.nails --output out

demo-makeup: $(VENV)/.demo
	"$(BIN)/python" -m demo.makeup --output out

test: $(VENV)/.dev
	"$(BIN)/python" -m pytest
	"$(BIN)/python" -m pytest -m gl $$(grep -rl --include='test_*.py' 'pytest.mark.gl' tests)

check: $(VENV)/.dev
	"$(BIN)/ruff" check .
	"$(BIN)/ruff" format --check .
	"$(BIN)/python" -m mypy
	"$(BIN)/python" -m tryon.proto.generate --check
	"$(BIN)/python" -m docs.reference --check

$(VENV)/bin/python:
	@"$(PYTHON)" -c 'import sys; v = sys.version_info[:2]; sys.exit(None if (3, 11) <= v <= (3, 12) else f"The requirement lists are for Python 3.11 and 3.12, $(PYTHON) is {v[0]}.{v[1]}: make PYTHON=python3.11")'
	"$(PYTHON)" -m venv $(VENV) || { echo "venv failed: on Debian and Ubuntu, apt-get install python3-venv"; rm -rf $(VENV); exit 1; }

# The core alone, with numpy 2 and the newest protobuf, without mediapipe and TensorFlow.
core: requirements/core.txt
	"$(PYTHON)" -m venv --clear .venv-core
	.venv-core/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/core.txt
	.venv-core/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	.venv-core/bin/python -m tests.core_environment

# The lists hold one resolution: demo.txt is a part of dev.txt, so both may share the environment.
$(VENV)/.demo: $(VENV)/bin/python requirements/demo.txt pyproject.toml
	"$(BIN)/python" -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/demo.txt
	"$(BIN)/python" -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

$(VENV)/.dev: $(VENV)/.demo requirements/dev.txt
	"$(BIN)/python" -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/dev.txt
	touch $@

# --universal holds for x86-64 Linux and the Pythons that every extra has wheels for ([tool.uv] in
# pyproject.toml); no index address is written.
LOCK = uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
	--override requirements/overrides.txt --no-emit-index-url --no-annotate --upgrade

lock:
	$(LOCK) --extra build -o requirements/core.txt
	$(LOCK) --all-extras -o requirements/dev.txt
	$(LOCK) --extra demo --extra build --constraint requirements/dev.txt -o requirements/demo.txt

clean:
	rm -rf $(VENV) .venv-core out
