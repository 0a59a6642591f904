# Needs Python 3.11 or newer and make; everything else it sets up itself, in .venv. `make` alone lists the targets.
# Recipes name files relative to this folder, so that spaces in its path are no matter.

PYTHON ?= $(firstword $(foreach name,python3 python3.14 python3.13 python3.12 python3.11,$(shell command -v $(name) >/dev/null 2>&1 && $(name) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $(name))))
PY := .venv/bin/python
ENVIRONMENT := .venv/.installed
DEPLOY_TOOLS := .venv/.deploy-tools
SOURCES := shared services deploy tests benchmarks
VERSION := $(shell sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml)
# What builds an image: its tag, options and the folder follow.
BUILD ?= docker build -t
COMPOSE ?= docker compose
# What runs a command where published ports are, if that isn't here.
WITH_ENGINE ?=
SBOM ?= build/madrina-$(VERSION).cdx.json
DAYS ?= 21
MEMBERS ?= 1000000
# Which tests: `make test PYTEST_ARGS="tests/notify -x"`; ONLY=servers leaves out lint, what needs no server, and what starts its own.
PYTEST_ARGS ?=
ONLY ?=

.DEFAULT_GOAL := help
.PHONY: help run demo travel test test-all thorough unit journey pictures lint types format lock documents bench bench-graph bench-directory bench-notes bench-footprint bench-privacy bench-sign-in bench-block bench-trust bench-communities bench-ingest bench-night chaos chaos-cluster image fuzz lighthouse browser checker mail-servers clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-17s %s\n", $$1, $$2 }' Makefile

run: $(ENVIRONMENT) ## everything on this machine, with a demo community; FRESH=1 starts anew, MADRINA_PORT=8700 moves its ports
	@$(PY) -m deploy.local $(if $(FRESH),--fresh)

demo: $(ENVIRONMENT) ## one introduction from the ask to both letters, with its timeline; SHOW=safety: a report, a block, an export, two farewells
	@$(PY) -m deploy.local.demo $(SHOW)

travel: $(ENVIRONMENT) ## move the local clock on by DAYS=21, so that what is due by then happens
	@$(PY) -m deploy.local.travel $(DAYS)

test: $(ENVIRONMENT) $(if $(ONLY),,lint types browser) ## every check and every test; TEST_BACKEND=embedded (default) or containers
	$(PY) -m pytest -n auto --dist worksteal --durations=15 $(if $(ONLY),-m "$(ONLY) and not browser and not chaos" --ignore=tests/local/test_supervisor.py) $(PYTEST_ARGS)

test-all: test thorough ## the same, and what takes longer

thorough: $(DEPLOY_TOOLS) kubernetes-schemas checker mail-servers ## what takes longer: real mail servers, the HTML checker, every page at every size, chaos in full
	$(PY) -m pytest -n auto --dist worksteal --durations=15 -m thorough $(PYTEST_ARGS)
	@$(MAKE) chaos
	@$(MAKE) chaos-cluster CHAOS=short

unit: $(ENVIRONMENT) ## the tests that need no server and no browser
	$(PY) -m pytest -q -n auto --dist worksteal --durations=5 -m "not servers and not browser and not chaos" $(PYTEST_ARGS)

journey: $(ENVIRONMENT) browser ## the journey in a real browser
	$(PY) -m pytest --durations=5 -m browser $(PYTEST_ARGS)

pictures: $(ENVIRONMENT) browser ## take the pictures of docs/pictures anew
	PICTURES=new $(PY) -m pytest -n auto -m thorough tests/web/test_pictures.py

lint: $(ENVIRONMENT) ## ruff, its format, and the import contracts
	$(PY) -m ruff check $(SOURCES)
	$(PY) -m ruff format --check $(SOURCES)
	$(PY) -c "from importlinter.cli import lint_imports_command; lint_imports_command()"

types: $(ENVIRONMENT) ## mypy, strict
	$(PY) -m mypy

format: $(ENVIRONMENT) ## put the code in the one format
	$(PY) -m ruff check --fix $(SOURCES)
	$(PY) -m ruff format $(SOURCES)

documents: $(ENVIRONMENT) ## write the pages of docs/ that follow from the code
	$(PY) -m deploy.documents

bench-graph: $(ENVIRONMENT) ## what pages cost among MEMBERS=1000000 women with 20 connections begun by each, beside 10,000
	$(PY) -m benchmarks.graph $(MEMBERS)

bench-directory: $(ENVIRONMENT) ## how long it takes to find somebody among MEMBERS=1000000 women who allow it
	$(PY) -m benchmarks.directory $(MEMBERS)

bench: $(ENVIRONMENT) ## introductions a second and their latency, next to a bare loop in the same run
	$(PY) -m benchmarks

bench-notes: $(ENVIRONMENT) ## how well the note gate tells notes apart, on both halves of its corpus, and how fast
	@$(PY) -m benchmarks.notes

bench-footprint: $(ENVIRONMENT) ## memory and CPU of each process, idle and under load
	$(PY) -m benchmarks.footprint

bench-privacy: $(ENVIRONMENT) ## how well somebody with a clock tells why she can't reach a woman, and who is a member; CALLS=1800, ADDRESSES=400 of each kind
	$(PY) -m benchmarks.privacy $(CALLS)
	$(PY) -m benchmarks.privacy.addresses $(ADDRESSES)

bench-sign-in: $(ENVIRONMENT) ## sign-ins a second, next to a bare loop in the same run, and what it costs to ask for a session
	$(PY) -m benchmarks.sign_in

bench-block: $(ENVIRONMENT) ## from a block to invisible in every service, with 1,000 events queued before it; ROUNDS=100
	$(PY) -m benchmarks.blocks $(ROUNDS)

bench-trust: $(ENVIRONMENT) ## how well trust tells whose word holds, and what attacks win, next to seven others on real ratings; ARGS="--draws 3"
	@$(PY) -m benchmarks.trust $(ARGS)

bench-communities: $(ENVIRONMENT) ## how the product's rule of trust fares in simulated communities, and what attacks cost; ARGS="--seed 2"
	@$(PY) -m benchmarks.communities $(ARGS)

bench-ingest: $(ENVIRONMENT) ## outcomes a second from the stream into the ledger of trust, with ROWS="10000 1000000" in it already, next to a bare loop
	$(PY) -m benchmarks.ingest $(ROWS) $(ARGS)

bench-night: $(ENVIRONMENT) ## how long a night of trust takes with MEMBERS=1000000 and OUTCOMES=20000000, and how much memory, next to a bare read
	@$(PY) -m benchmarks.night $(MEMBERS) $(OUTCOMES)

chaos: $(ENVIRONMENT) ## kill services, NATS and PostgreSQL at random over 300 introductions, and count
	CHAOS=full $(PY) -m pytest -m chaos --timeout=1200 -s $(PYTEST_ARGS)

chaos-cluster: $(ENVIRONMENT) ## break a cluster of processes, one thing at a time, over 200 introductions each; CHAOS=short is what `make thorough` runs
	CHAOS=$(or $(CHAOS),full) $(PY) -m pytest -m cluster -s $(PYTEST_ARGS)

image: ## build the image madrina:VERSION, of all services; TARGET=mailbox builds the mailbox for trying it out
	$(BUILD) $(if $(TARGET),madrina-$(TARGET),madrina):$(VERSION) --target $(or $(TARGET),madrina) .

.PHONY: chart manifests kubernetes-schemas
chart: $(DEPLOY_TOOLS) ## write deploy/helm/madrina anew from deploy/kubernetes
	$(PY) -m deploy.helm

manifests: $(DEPLOY_TOOLS) kubernetes-schemas ## render and check deploy/kubernetes, its chart and the Dockerfile
	$(PY) -m pytest -n auto -m "thorough or not thorough" tests/kubernetes $(PYTEST_ARGS)

.PHONY: sbom compose-secrets compose-up compose-down containers-test
sbom: $(DEPLOY_TOOLS) ## the bill of materials of the image's Python packages, as CycloneDX; the same bytes each time
	@mkdir -p $(dir $(SBOM))
	@$(PY) -W ignore -m cyclonedx_py requirements requirements.txt --pyproject pyproject.toml --output-reproducible --of JSON -o $(SBOM)

compose-secrets: ## make every key and password of the stack on one machine, in deploy/compose/secrets; never overwrites
	@mkdir -p -m 700 deploy/compose/secrets
	@docker run --rm --network none --user "$$(id -u):$$(id -g)" -v "$(CURDIR)/deploy/compose/secrets:/secrets" madrina:$(VERSION) -m deploy.compose.secrets /secrets

compose-up: ## start Madrina on one machine, with the settings in deploy/compose/.env, and wait until all of it is ready
	cd deploy/compose && $(COMPOSE) up --detach --wait --wait-timeout 180

compose-down: ## stop it; what it keeps stays
	cd deploy/compose && $(COMPOSE) down

containers-test: $(DEPLOY_TOOLS) ## the image, the stack of deploy/compose and the pods of the demo, each with an introduction, in real containers
	@BUILD="$(BUILD)" $(PY) -m tests.containers.build
	$(WITH_ENGINE) $(PY) -m pytest -m containers --timeout=240 --durations=10 -s $(PYTEST_ARGS)

fuzz: $(ENVIRONMENT) ## call every api with what its OpenAPI document allows and with what it doesn't; FUZZ_SECONDS=300 for each
	@$(PY) -m pip install --disable-pip-version-check --quiet --require-hashes -r requirements-fuzz.txt
	$(PY) -m pytest -m fuzz -s $(PYTEST_ARGS)

lighthouse: $(ENVIRONMENT) browser ## what Lighthouse says of three pages, the median of five runs each
	@sh deploy/local/node_packages.sh lighthouse
	$(PY) -m tests.lighthouse

lock: ## compile requirements*.txt with hashes; UPGRADE=1 takes newer releases
	@PYTHON="$(PYTHON)" sh deploy/local/lock.sh $(if $(UPGRADE),--upgrade)

clean: ## delete the environment and what tools left; the data in .madrina stays
	rm -rf .venv .mypy_cache .ruff_cache .hypothesis .import_linter_cache build *.egg-info

# The browser tests drive any Chromium. As root on Debian one is installed; elsewhere the run fails, unless NO_BROWSER=1.
browser:
	@sh deploy/local/chromium.sh

mail-servers:
	@sh deploy/local/mail_servers.sh

kubernetes-schemas: $(ENVIRONMENT)
	@sh deploy/local/node_packages.sh kubernetes || echo '!!!!! GATEWAY API AND CLOUDNATIVEPG OBJECTS CANNOT BE CHECKED: THE TESTS OF tests/kubernetes WILL FAIL !!!!!' >&2

checker: $(ENVIRONMENT)
	@sh deploy/local/html_checker.sh

$(ENVIRONMENT): requirements-dev.txt pyproject.toml
	@test -n "$(PYTHON)" || { echo "Madrina needs Python 3.11 or newer; none was found on the PATH." >&2; exit 1; }
	@echo "Making the environment in .venv (once, a minute or two)"
	@test -x $(PY) || $(PYTHON) -m venv .venv || { echo "Could not make .venv; on Debian and Ubuntu, install python3-venv." >&2; exit 1; }
	@$(PY) -m pip install --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@$(PY) -m pip install --disable-pip-version-check --quiet --no-deps --no-build-isolation -e .
	@touch $@

# What renders and checks the manifests, about 200 MB: only what takes longer needs it.
$(DEPLOY_TOOLS): requirements-deploy.txt $(ENVIRONMENT)
	@$(PY) -m pip install --disable-pip-version-check --quiet --require-hashes -r requirements-deploy.txt
	@touch $@
