# The two that matter: `make site` builds everything into site/, `make test` proves it.
# Both install what they need first.

PYTHON ?= python3
BIN := .venv/bin
export NO_MKDOCS_2_WARNING := 1
# A build depends on the commit alone, not on the day: every date in it is this one.
export SOURCE_DATE_EPOCH := $(shell git log -1 --format=%ct 2>/dev/null || echo 1767225600)

PANGO := libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0
BROWSER := chromium
ENGINES := firefox-esr webkit2gtk-driver xvfb

.PHONY: site serve test test-engines lint fix bench screenshots lock clean system system-test

# A site of one's own, every letter filled in: make site ANSWERS=mine.yml
# Built beside the last good site, which stays as it is when a build fails.
site: $(BIN)/ready system
	$(BIN)/mkdocs build --strict --site-dir .cache/site
	rm -rf site
	mv .cache/site site

# Without the book's PDFs, which take seconds; with them: make serve HANDBOOK=yes
serve: $(BIN)/ready
	HANDBOOK=$(or $(HANDBOOK),no) $(BIN)/mkdocs serve --livereload

test: $(BIN)/ready-test system system-test lint
	$(BIN)/pytest --numprocesses=auto --maxprocesses=4 --dist=worksteal

# The letters in Firefox and WebKit too; what this machine lacks is said in a line.
test-engines: $(BIN)/ready-test system system-test
	@.ci/system $(ENGINES) || true
	$(BIN)/pytest -m engines

lint: $(BIN)/ready-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

fix: $(BIN)/ready-test
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# All of it, or parts: make bench PARTS="site library"
bench: $(BIN)/ready-test system system-test
	$(BIN)/python -m tests.bench $(PARTS)

# The README's pictures, of the site as it was built last.
screenshots: $(BIN)/ready-test system-test
	$(BIN)/python -m tests.screenshots

# Only for whoever changes the dependencies in pyproject.toml.
COMPILE = $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate \
  --no-emit-index-url --no-emit-find-links --python-version 3.11 pyproject.toml --group site --group book
lock: $(BIN)/ready-test
	$(COMPILE) --output-file requirements.lock
	$(COMPILE) --group dev --output-file requirements-test.lock

clean:
	rm -rf site .venv .cache

$(BIN)/ready: requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

# What only tests, the browser and the checker's training need.
$(BIN)/ready-test: $(BIN)/ready requirements-test.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-test.lock
	touch $@

# System libraries: installed where this user may, named in one line where not.
system:
	@.ci/system $(PANGO)

system-test:
	@.ci/system $(BROWSER)
