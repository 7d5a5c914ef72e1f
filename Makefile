# `make help` lists what there is. The README gives the same as plain lines, for machines without
# make.

NEW_ENOUGH = import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for python in python3.11 python3.12 python3.13 python3.14 python3; do \
	$$python -c '$(NEW_ENOUGH)' 2>/dev/null && echo $$python && break; done)
IN_ENVIRONMENT = .venv/bin/python

# Types are checked where values go in and come out without a database.
PURE = facilities/geo.py facilities/rules/freshness.py facilities/text_normalization.py facilities/taxonomy \
	facilities/sources directory/env.py directory/logging.py

.PHONY: run curator check test hostile-curator other-pythons attacks faults sbom image-check dead-ends upgrade-check lint format imports picture environment test-environment requirements checkers

# What needs neither a browser nor a server, another process, PostgreSQL or the real files.
QUICK = not (browser or server or subprocess or postgres or real_data or slow)
IN_PARALLEL = --numprocesses=auto --maxprocesses=4 --dist=worksteal

.PHONY: help
help:  ## list these targets
	@sed -n 's/^\([a-z][a-z-]*\):.*  ## \(.*\)/\1\t\2/p' $(MAKEFILE_LIST) | expand -t 14

# Types are checked while the tests start; a wrong style stops neither.
check: test-environment  ## style, types and the quick tests: under two minutes on two cores
	@$(MAKE) --no-print-directory --jobs=2 --keep-going lint quick

.PHONY: quick
quick: test-environment
	@$(IN_ENVIRONMENT) -m pytest --quiet $(IN_PARALLEL) -m "$(QUICK)" $(ARGUMENTS)

# Not a part of CI: an environment of its own for each takes minutes.
OTHER_PYTHONS = python3.12 python3.13 python3.14
other-pythons:  ## the quick tests on each newer Python of this machine: OTHER_PYTHONS=/opt/python3.13
	@for python in $(OTHER_PYTHONS); do \
		command -v $$python >/dev/null || { echo "$$python is not on this machine."; continue; }; \
		home=.cache/pythons/$$($$python -c 'import platform; print(platform.python_version())'); \
		echo "$$python"; $$python -m venv $$home && \
		$$home/bin/python -m pip install --quiet --require-hashes -r tests/requirements.txt && \
		$$home/bin/python -m pytest --quiet $(IN_PARALLEL) -m "$(QUICK)" $(ARGUMENTS) || exit 1; \
	done

run: environment  ## prepare everything and serve on this machine: PORT=8000 DATA=file COORDINATES=file
	@$(IN_ENVIRONMENT) -m directory.bootstrap.run $${PORT:+--port "$$PORT"} \
		$${DATA:+--data "$$DATA"} $${COORDINATES:+--coordinates "$$COORDINATES"}

curator: environment  ## make an account of staff and print its link: NAME=ana ROLE=curator
	@test -n "$$NAME" || { echo "Say who: make curator NAME=ana [ROLE=curator]" >&2; exit 1; }
	@$(IN_ENVIRONMENT) -m directory.bootstrap.run --prepare-only
	@$(IN_ENVIRONMENT) manage.py invite_staff --role "$${ROLE:-curator}" -- "$$NAME"

test: test-environment  ## everything, on SQLite, on PostgreSQL and in Chromium: ARGUMENTS="-k words"
	@$(IN_ENVIRONMENT) -m tests $(ARGUMENTS)

hostile-curator: test-environment  ## 100,000 steps of one account against the two-person rule
	@HOSTILE_STEPS=$${STEPS:-100000} $(IN_ENVIRONMENT) -m pytest --quiet $(IN_PARALLEL) tests/curation/test_hostile_curator.py

attacks: test-environment  ## 20,000 hostile requests: SEED=7
	@ATTACKS=20000 ATTACK_SEED=$${SEED:-7} $(IN_ENVIRONMENT) -m pytest --quiet $(IN_PARALLEL) tests/security

SBOM = .cache/sbom
sbom: python  ## list the packages of the site with their licenses, as CycloneDX: sbom.json
	@test -d $(SBOM)/tools || { $(PYTHON) -m venv $(SBOM)/tools && \
		$(SBOM)/tools/bin/python -m pip install --quiet 'cyclonedx-bom>=7,<8'; }
	@$(PYTHON) -m venv --clear $(SBOM)/site && \
		$(SBOM)/site/bin/python -m pip install --quiet --require-hashes -r requirements.txt
	@$(SBOM)/tools/bin/cyclonedx-py environment --pyproject pyproject.toml --output-reproducible \
		--of JSON --output-file sbom.json $(SBOM)/site/bin/python

image-check:  ## build the container without a daemon and start it (needs root, buildah, mmdebstrap)
	@tests/container/check

upgrade-check: test-environment  ## run an older version on the schema of this one: FROM=v1.0.0
	@$(IN_ENVIRONMENT) -m tests.support.older_version $(FROM)

dead-ends: environment  ## prove that every need leads somewhere from every ZIP code: ARGUMENTS="--sample 1000"
	@$(IN_ENVIRONMENT) manage.py find_dead_ends $(ARGUMENTS)

contract: test-environment  ## tools of others against the served API
	@$(IN_ENVIRONMENT) -m tests.contract

faults: test-environment  ## kill, hold up and bring back parts of an installation: five minutes
	@$(IN_ENVIRONMENT) -m pytest tests/faults $(ARGUMENTS)

lint: test-environment  ## style, types and templates
	$(IN_ENVIRONMENT) -m ruff check .
	$(IN_ENVIRONMENT) -m ruff format --check .
	$(IN_ENVIRONMENT) -m mypy $(PURE)
	$(if $(TEMPLATES),.venv/bin/djade --check --target-version 5.2 $(TEMPLATES))

format: test-environment  ## put style and templates right
	$(IN_ENVIRONMENT) -m ruff check --fix-only .
	$(IN_ENVIRONMENT) -m ruff format .
	$(if $(TEMPLATES),-.venv/bin/djade --target-version 5.2 $(TEMPLATES))

# Lighthouse only if asked for, because it is large.
checkers:  ## get the HTML checker that the tests ask (needs npm): WITH=lighthouse
	@mkdir -p .cache/checkers
	@cp tests/checkers.json .cache/checkers/package.json
	@npm install --prefix .cache/checkers --no-package-lock --no-audit --no-fund \
		--ignore-scripts --silent $(if $(WITH),,--omit=dev)

TEMPLATES = $(shell git ls-files 'templates/staff/*.html')

environment test-environment: python
	@$(PYTHON) -m directory.bootstrap.install $(if $(filter test-environment,$@),--tests)

.PHONY: python
python:
	@test -n "$(PYTHON)" || { \
		echo "Python 3.11 or newer is needed and there is none on the PATH." >&2; exit 1; }

imports:  ## after a change of packages: draw the imports in docs/development.md
	@$(IN_ENVIRONMENT) -m tests.support.picture_of_imports

picture:  ## after a change of docs/share.svg
	chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --window-size=1200,630 \
		--screenshot=facilities/static/facilities/share.png docs/share.svg

COMPILE = uv pip compile --quiet --universal --generate-hashes --no-header --python-version 3.11
requirements:  ## after a change of dependencies in pyproject.toml (needs uv)
	$(COMPILE) pyproject.toml -o requirements.txt
	$(COMPILE) --extra test -c requirements.txt pyproject.toml -o tests/requirements.txt
