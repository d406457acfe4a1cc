# What a developer and an operator type. `make` alone lists it.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help build command run test fuzz test-latency test-memory chaos bench publish format clean up down seed run-features drift-check train replay serve

CONFIG ?= Release
# Options for the command that a target runs, for instance: make seed ARGS="--rate 500"
ARGS ?=
# Where `make serve` listens.
SERVE_PORT ?= 8081
export DOTNET_CLI_TELEMETRY_OPTOUT := 1
export DOTNET_NOLOGO := 1

help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  \1|\2/' | column -t -s '|'

build: ## Build everything and put the command at bin/streaming
	@ops/make/build Streaming.sln $(CONFIG)
	@ops/make/launcher $(CONFIG)

# Targets that run at the same time build one after the other: the second finds everything built. Compiler servers that stay must not keep the lock.
command: ALONE := $(if $(shell command -v flock),flock --close bin/.build)
command:
	@mkdir -p bin
	@$(ALONE) ops/make/build src/Streaming.Cli $(CONFIG)
	@ops/make/launcher $(CONFIG)

run: command ## Run a node with everything embedded and simulated events (http://localhost:8080)
	@exec bin/streaming run --with-seed $(ARGS)

test: ## Run every test and print the totals
	@ops/make/test $(CONFIG)

fuzz: ## Feed the parsers with mutated input, 60 seconds each (ARGS="300 --filter JsonBodyFuzz")
	@exec ops/make/fuzz $(ARGS)

bench: ## Run the benchmarks (ARGS="--filter '*Ingest*'")
	@dotnet run -c Release --project tests/Streaming.Benchmarks -- $(if $(ARGS),$(ARGS),--filter '*')

test-latency: command ## Measure POST /score, freshness and lag against the targets (ARGS="node=http://127.0.0.1:8080 rate=500")
	@dotnet run -c Release --project tests/Streaming.Benchmarks -- test-latency $(ARGS)

test-memory: command ## Print the memory of a node after its simulated history, against the target
	@exec ops/make/memory $(ARGS)

format: ## Bring the code into the style of .editorconfig
	@dotnet format Streaming.sln

chaos: ## Kill, pause, empty and fill what a node runs on, and compare it with a fold of the log (SEEDS=20 SEED=7 STORE=redis LOG=kafka FAULTS=kill-node)
	@ops/make/build tests/Streaming.Chaos Release
	@exec ops/make/chaos seeds=$(SEEDS) seed=$(SEED) store=$(STORE) log=$(LOG) faults=$(FAULTS) $(ARGS)

publish: ## Publish a self-contained folder and a single file into publish/ (ARGS="linux-arm64" for another platform)
	@ops/make/publish $(ARGS)

clean: ## Delete what was built; data/ (the embedded log) stays
	@dotnet clean Streaming.sln -c $(CONFIG) -v q >/dev/null
	@rm -rf bin publish TestResults

up: ## Start broker, Prometheus and Grafana with Docker; without Docker, prepare the embedded log
	@ops/make/up

down: ## Stop what `make up`, `run-features`, `serve` and `seed` started
	@ops/make/down

seed: command ## Write simulated events into the log until Ctrl-C (ARGS="--rate 500 --duration 10m")
	@STREAMING_PID_AS=seed exec ops/make/streaming seed $(ARGS)

run-features: command ## Run a node that keeps features in memory, on port 8080, without simulated events
	@STREAMING_PID_AS=run-features exec ops/make/streaming run $(ARGS)

serve: command ## Run a second node on port 8081 over the same log, to score from
	@STREAMING_PID_AS=serve exec ops/make/streaming run --port $(SERVE_PORT) $(ARGS)

replay: command ## Build all features from the log again beside a running node's, then switch (ARGS="--verify" compares them)
	@exec ops/make/streaming replay from beginning $(ARGS)

drift-check: command ## Compare the last day's answers with what the model learnt from (ARGS="--html drift.html"); 4 where much has moved
	@exec ops/make/streaming drift $(ARGS)

train: command ## Train the fraud model and export it to schemas/models/fraud.onnx
	@exec ops/make/streaming train fraud $(ARGS)
