# Everything one does with this project. `make demo` and `make test` need nothing done before them.
PYTHON ?= python3
PORT ?= 8000
export PORT

.PHONY: help setup demo test test-fast test-dates check bench messages requirements vendor clean

help:
	@echo "make demo        the whole system on http://localhost:$(PORT); Ctrl-C stops it (PORT=8001 for another port)"
	@echo "make test        set-up, every check, every test on PostgreSQL and Redis with worker and browser"
	@echo "make test-fast   the tests that fit in two minutes, on SQLite"
	@echo "make test-dates  the same on 31 December 2026 and 1 January 2027"
	@echo "make check       lint, types, import contracts, translations, migrations"
	@echo "make setup       .venv with everything the tests need"
	@echo "make bench       speed, as a table and as JSON"
	@echo "make messages    collect texts for translation and compile the translations"
	@echo "make requirements, make vendor   renew the pinned Python packages and front-end files (network)"
	@echo "make clean       removes .venv, var/ and caches"

setup:
	@$(PYTHON) scripts/install.py test

demo:
	@exec $(PYTHON) scripts/demo.py

test:
	@$(PYTHON) scripts/test.py

test-fast:
	@$(PYTHON) scripts/test.py fast

test-dates:
	@$(PYTHON) scripts/test.py dates

check: setup
	@.venv/bin/python scripts/check.py

bench: setup
	@.venv/bin/python scripts/bench.py

messages: setup
	@.venv/bin/python scripts/messages.py update

# --no-emit-index-url: a file that names an index host works only where that host does.
COMPILE = .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-emit-find-links --no-annotate --no-header --upgrade

requirements: setup
	$(COMPILE) requirements/uv.in -o requirements/uv.txt
	$(COMPILE) requirements/base.in -o requirements/base.txt
	$(COMPILE) -c requirements/base.txt requirements/test.in -o requirements/test.txt

vendor:
	@$(PYTHON) scripts/vendor.py

clean:
	rm -rf .venv var .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
