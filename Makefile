# Movy's commands: `make help`. Each does all the set-up it needs; the work is in scripts/.
.DEFAULT_GOAL := help
.PHONY: help run reset serve install test test-fast test-long bench bench-quick lint format messages lock

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-11s %s\n", $$1, $$2}' Makefile

run: ## everything on this machine, with the demo: http://127.0.0.1:8000 (PORT=9000 make run moves it)
	@scripts/run

reset: ## throw the embedded database and its pictures away; the next `make run` starts over
	@rm -rf var/movy.sqlite3 var/movy.sqlite3-shm var/movy.sqlite3-wal var/paystack.sqlite3* var/media

serve: install ## the production processes, set by the environment; see .env.example
	@.venv/bin/python -m scripts.serve

install: ## the production set into .venv, with what the database driver needs to build
	@scripts/install requirements/app.txt
	@scripts/system-packages build
	@scripts/install requirements.txt

test: ## everything that must pass: lint, SQLite, MariaDB + Redis, browser
	@scripts/test

test-fast: ## the inner loop: SQLite, no browser, nothing slow
	@scripts/test fast

test-long: ## the part that takes hours
	@scripts/test long

bench: ## every figure of docs/performance.md, on a MariaDB and a Redis of our own; half an hour
	@scripts/bench

bench-quick: ## a first look at the same in two minutes, without growth
	@scripts/bench --quick

lint: ## every check that reads the code without running it
	@scripts/install requirements/app.txt requirements/dev.txt
	@scripts/lint

format: ## put the code into shape
	@scripts/install requirements/app.txt requirements/dev.txt
	@.venv/bin/ruff check --fix --quiet .
	@.venv/bin/ruff format --quiet .

messages: ## gather what pages and mails say into locale/, and compile it: docs/languages.md
	@scripts/install requirements/app.txt
	@DEBUG=1 .venv/bin/python -m scripts.messages

lock: ## write the locks anew from requirements/*.in
	@scripts/install requirements/dev.txt
	@scripts/lock
