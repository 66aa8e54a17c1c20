# Every goal prints its result as its last line and exits 0 only if it holds.
SHELL := /bin/bash
PYTHON := .venv/bin/python
.DEFAULT_GOAL := help
.PHONY: help run start stop reset demo check test attack loosen chaos bench generate lock install

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' Makefile
	@echo "  SEASON=large, with run and start, loads a new house with 120 evenings and 50,000 orders of eight years."
	@echo "  AVONDKASSA_RUN=<folder> makes another instance, AVONDKASSA_PORTS=<base|free> moves its ports."

run: install ## install what is missing, start the whole house, stop it with Ctrl-C
	@exec $(PYTHON) -m deploy.local run

start: install ## the same in the background; returns when all is ready
	@exec $(PYTHON) -m deploy.local start

stop: ## stop the house
	@if [ -x $(PYTHON) ]; then exec $(PYTHON) -m deploy.local stop; else echo "The house was not running."; fi

reset: ## stop the house and delete its data
	@if [ -x $(PYTHON) ]; then exec $(PYTHON) -m deploy.local reset; else echo "There is nothing to delete."; fi

demo: install ## play an evening, from ticket to forgetting, against the running house
	@exec $(PYTHON) -m deploy.local.demo

check: install ## style, types, walls, generated files and the quick tests, in under a minute
	@exec deploy/local/check.sh

test: ## everything that check does, then all tests, side by side on two houses of their own
	@deploy/local/install.sh --tests
	@deploy/local/check.sh --before-tests
	@exec $(PYTHON) -m pytest --numprocesses 2 --dist loadfile

attack: ## attack every wall of a house of its own, each with the wall off and on
	@deploy/local/install.sh --tests
	@exec $(PYTHON) -m tests.attacks

loosen: ## widen each permission of a house of its own, and see that a law written by hand minds
	@deploy/local/install.sh --tests
	@exec $(PYTHON) -m tests.loosen

chaos: ## kill every service, the broker and the database in each step of the evening
	@deploy/local/install.sh --tests
	@exec $(PYTHON) -m tests.chaos

bench: ## measure cost and speed on houses of its own; PART=<name> measures one part, ONLY=<figure> one figure of it
	@deploy/local/install.sh --tests
	@exec $(PYTHON) -m tests.bench $(PART) $(if $(ONLY),--only $(ONLY))

generate: install ## write schemas, OpenAPI, AsyncAPI and the services' READMEs from contracts and charters
	@exec $(PYTHON) -m deploy.generate

lock: install ## lock the Python packages of requirements/*.in again, with hashes
	@$(PYTHON) -m uv --version >/dev/null 2>&1 || $(PYTHON) -m pip install -q uv
	@$(PYTHON) -m uv pip compile -q --generate-hashes --no-emit-index-url --no-header --python-version 3.11 \
	  requirements/run.in -o requirements/run.txt
	@$(PYTHON) -m uv pip compile -q --generate-hashes --no-emit-index-url --no-header --python-version 3.11 \
	  -c requirements/run.txt requirements/dev.in -o requirements/dev.txt
	@echo "lock: requirements/run.txt and requirements/dev.txt are written"

install:
	@deploy/local/install.sh
