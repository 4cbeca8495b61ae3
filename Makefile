# The front door: two commands matter, `make demo` and `make test`. Everything else is for developers.
# Recipes stay one line long; what they do is in scripts/.
SHELL := /bin/bash
.DEFAULT_GOAL := help

# Build output goes to the user's cache, so that several checkouts share it and the tree stays clean.
export CARGO_TARGET_DIR ?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/datawave/target

.PHONY: demo test lint bench eval help

demo: ## build, start, make a sample company, scan it, show what was found (ARGS=--once ends afterwards)
	@scripts/demo.sh $(ARGS)

test: ## run every test; installs and starts what they need
	@scripts/test.sh

lint: ## formats, clippy, contracts, licences, shell scripts (BASE=<git ref> for the contract comparison)
	@scripts/lint.sh

bench: ## start-up time, idle memory and scan speed of the binary on this machine
	@scripts/bench.sh

eval: ## score the classification on labelled databases: make eval DATA=<folder> [HOLD_OUT="source …"]
	@HOLD_OUT="$(HOLD_OUT)" scripts/eval.sh "$(DATA)"

help: ## this list
	@sed -n 's/^\([a-z]*\): ## \(.*\)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 14
