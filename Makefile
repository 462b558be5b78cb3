# Everything runs inside .venv, made from the hashed lock file.
PYTHON ?= python3
export UV_SYSTEM_CERTS = true
export UV_PYTHON_DOWNLOADS = never
# Compiled once, at set-up and when a file changes: a command then starts in a third of the time.
export UV_COMPILE_BYTECODE = true
unexport PYTHONDONTWRITEBYTECODE

BIN = .venv/bin
UV = VIRTUAL_ENV=$(CURDIR)/.venv $(BIN)/uv
PACKAGES = bot handlers surveys storage metrics reports intake sandbox
CHECKS = types style arrows questionnaires transcripts holes

.PHONY: help demo run test check $(CHECKS) audit sbom golden soak chaos restore-drill bench format lock clean

help:    ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## */\t/' | expand -t 12

.venv/.ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Otklik needs Python 3.11 or newer: make PYTHON=/path/to/python3.11")'
	@echo "Preparing .venv: a minute or two, once." >&2
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet --disable-pip-version-check "$$(sed -n 's/^\(uv==[^ ]*\).*/\1/p' requirements.lock)"
	@$(UV) pip sync --quiet --require-hashes requirements.lock
	@$(UV) pip install --quiet --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m compileall -q $(PACKAGES)
	@touch $@

demo: .venv/.ready    ## the preview with sample data: no token, no server
	@$(BIN)/otklik sandbox --demo

run: .venv/.ready     ## the real bot: config.yaml and the environment
	@$(BIN)/otklik run

# Twice as many as there are cores: tests that start programs mostly wait.
test: .venv/.ready    ## the test suite
	@$(BIN)/pytest -n $$((2 * $$(nproc))) --dist worksteal

# Beside each other; what each says is shown whole when it ends.
check: .venv/.ready   ## linters, security, types, architecture, questionnaires, transcripts, effort, known holes in libraries
	@$(MAKE) -s -j $$(nproc) --output-sync $(CHECKS)

style: .venv/.ready
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: .venv/.ready
	@$(BIN)/mypy

arrows: .venv/.ready
	@$(BIN)/lint-imports --no-cache

questionnaires: .venv/.ready
	@$(BIN)/otklik check

transcripts: .venv/.ready
	@$(BIN)/pytest -n auto tests/golden

holes: .venv/.ready
	@if $(MAKE) -s $(TOOLS)/.ready; then $(MAKE) -s audit UNREACHABLE=0; else echo "Not audited: no tools for it."; fi

# Its own environment: the tools bring thirty libraries that the product must not lean on.
TOOLS = .venv/tools
$(TOOLS)/.ready: audit.lock .venv/.ready
	@$(BIN)/python -m venv $(TOOLS)
	@VIRTUAL_ENV=$(CURDIR)/$(TOOLS) $(BIN)/uv pip sync --quiet --require-hashes audit.lock
	@touch $@

# What is known of holes comes from the network and changes by the day. Where it cannot be asked, that is said: an audit
# by itself then ends with 1, `check` does not.
UNREACHABLE = 1
audit: $(TOOLS)/.ready ## whether holes are known in the libraries of requirements.lock
	@rm -f $(TOOLS)/holes.md
	@$(TOOLS)/bin/pip-audit --strict --requirement requirements.lock --disable-pip --require-hashes \
		--progress-spinner off --timeout 5 --format markdown --output $(TOOLS)/holes.md 2> $(TOOLS)/audit.log && echo "No known holes." || \
		{ test -s $(TOOLS)/holes.md && { cat $(TOOLS)/holes.md; exit 1; }; } || \
		{ echo "Not audited: $$(tail -1 $(TOOLS)/audit.log)"; exit $(UNREACHABLE); }

sbom: $(TOOLS)/.ready  ## sbom.json: what the product is made of, CycloneDX, from the lock file
	@PYTHONWARNINGS=ignore $(TOOLS)/bin/cyclonedx-py requirements requirements.lock --pyproject pyproject.toml --output-reproducible \
		--output-file sbom.json
	@echo sbom.json

golden: .venv/.ready  ## writes transcripts and docs/effort.md anew, to be read before they are committed
	@$(BIN)/pytest -p no:xdist tests/golden --inline-snapshot=create,fix --tb=no > /dev/null || true
	@git --no-pager diff --stat -- tests/golden docs/effort.md

soak: .venv/.ready    ## years of the service, a million signals or SIGNALS=…, MINUTES=… at most; a walk of a million steps or STEPS=…
	@rm -f var/soak.jsonl
	@SOAK_SIGNALS=$(or $(SIGNALS),1000000) SOAK_MINUTES=$(or $(MINUTES),inf) SOAK_STEPS=$(or $(STEPS),1000000) \
		$(BIN)/pytest -n auto tests/soak

chaos: .venv/.ready   ## kills the service -9 at every commit and edge of HTTP, 10,000 times or KILLS=…
	@rm -f var/chaos.jsonl
	@CHAOS_KILLS=$(or $(KILLS),10000) $(BIN)/pytest -n auto --dist worksteal --exitfirst tests/chaos
	@$(BIN)/python -m tests.chaos.log

restore-drill: .venv/.ready  ## people answer, a machine is lost, and every answer is put back; PEOPLE=…
	@DRILL_PEOPLE=$(or $(PEOPLE),60) $(BIN)/pytest -n 0 -s tests/drill

SIZE ?= 10000 100000
bench: .venv/.ready   ## the benchmarks, as ratios to a named baseline; SIZE=10000000 for reports on so many answers
	@$(BIN)/python -m benchmarks
	@$(BIN)/python -m benchmarks.reports $(SIZE)

format: .venv/.ready  ## formats the code
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

lock: .venv/.ready    ## brings the lock files to the newest versions that fit
	@$(UV) pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 \
		--extra dev --upgrade pyproject.toml --output-file requirements.lock
	@$(UV) pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 \
		--group audit --upgrade --output-file audit.lock
	@$(UV) pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 \
		--constraint requirements.lock pyproject.toml --output-file requirements-run.lock

clean:                ## removes what was made
	@rm -rf .venv build *.egg-info sbom.json
