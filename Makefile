# `make run` builds the page and serves it, `make test` proves everything. Both install what is
# missing first (scripts/tools.sh says what and how) and work in a fresh clone.

# Tools of pinned versions live in the repository, or in a folder that several checkouts share.
TOOLS := $(or $(TRAILSCOPE_TOOLS),$(CURDIR)/.tools)
export TOOLS
export PATH := $(TOOLS)/bin:$(PATH)

E2E := tests/e2e
NPM_STAMP := $(E2E)/node_modules/.package-lock.json

.PHONY: help run test check fmt lint unit deployed e2e dist dev bench bench-native tools tools-page tools-browser tools-python clean

help: ## Show this list
	@sed -n 's/^\([a-z0-9-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | awk -F'\t' '{ printf "  make %-12s %s\n", $$1, $$2 }'

run: dist ## Build the page and serve it on this machine; PORT=n chooses the port
	@node scripts/serve.mjs $(if $(PORT),--port $(PORT))

test: check lint unit deployed e2e ## Everything CI runs: format, lints, tests, release build, browser tests

check: tools-rust
	cargo fmt --check

fmt: tools-rust ## Format the code
	cargo fmt

# Helpers of integration tests may unwrap as tests do; clippy.toml reaches only the test functions themselves.
lint: tools-rust ## Lint natively and for the browser; a warning fails
	cargo clippy --locked -- -D warnings
	cargo clippy --locked --all-targets -- -D warnings -A clippy::unwrap_used -A clippy::expect_used
	cargo clippy --locked --target wasm32-unknown-unknown --workspace -- -D warnings
	cargo clippy --locked --manifest-path fuzz/Cargo.toml --no-default-features --target-dir target/fuzz -- -D warnings

unit: tools-rust ## Native tests, and those of the benchmark's arithmetic
	cargo test --locked
	node --test bench/

# The native tests have written the files.
deployed: unit tools-python ## What is written for AWS, through cfn-lint, a parser of HCL, the AWS CLI against an emulator, sqlglot and DuckDB
	"$(TOOLS)/python/bin/python" tests/deploy/check.py target/tmp/deploy
	"$(TOOLS)/python/bin/python" tests/dialect/check.py target/tmp/dialect

dist: tools-page ## Build the static site into dist/
	trunk build --release --locked --offline
	@du -sh dist | sed 's/^/built: /'

dev: tools-page ## Build dist/ fast and unoptimised, for work on the screens
	trunk build --locked --offline

e2e: dist tools-browser $(NPM_STAMP) ## Browser tests against dist/; ONLY=pattern runs those that match
	node --test --test-concurrency=1 --test-reporter=spec $(if $(ONLY),--test-name-pattern='$(ONLY)') $(E2E)/

$(NPM_STAMP): $(E2E)/package.json $(E2E)/package-lock.json
	@scripts/tools.sh npm $(E2E)

# EVENTS=n also draws the load curve, RUNS=n repeats more or less often, ARGS="…" is whatever bench/run.mjs takes.
bench: dist tools-browser $(NPM_STAMP) ## Measure loading and questions against the browser's own means, jq and DuckDB
	cargo build --locked --release
	cargo build --locked --release -p trailscope-bench --target wasm32-unknown-unknown
	wasm-bindgen --target web --out-dir target/bench/store target/wasm32-unknown-unknown/release/trailscope_bench.wasm
	node bench/run.mjs $(if $(RUNS),--runs $(RUNS)) $(if $(EVENTS),--events $(EVENTS)) $(ARGS)

bench-native: tools-rust ## Measure the parts natively; ONLY=name measures those that contain it
	cargo bench --locked --bench native -- $(if $(ONLY),'$(ONLY)')

tools: tools-rust tools-page tools-browser tools-python $(NPM_STAMP) ## Install every tool that is missing

tools-rust:
	@scripts/tools.sh rust

tools-page: tools-rust
	@scripts/tools.sh page

tools-browser:
	@scripts/tools.sh browser

tools-python:
	@scripts/tools.sh python tests/requirements.txt

clean: ## Remove what was built, keep the tools
	rm -rf target dist $(E2E)/out
