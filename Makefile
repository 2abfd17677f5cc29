# The front door: `make help` tells what there is.

SWIFT ?= swift
PREFIX ?= /usr/local
DESTDIR ?=
KILLS ?= 2000

BUILD_PACKAGES := pkg-config zlib1g-dev libudev-dev
LAB_PACKAGES := qemu-system-x86 qemu-system-arm u-boot-qemu cpio kmod python3 binutils
BENCH_PACKAGES := python3-venv squashfs-tools mtd-utils
TEST_PACKAGES := qemu-system-arm u-boot-qemu umockdev libumockdev-dev gddrescue

# For each reader of foreign bytes.
FUZZ_SECONDS ?= 600

# One static executable that runs where no Swift is installed.
RELEASE := --configuration release --static-swift-stdlib
SOURCES := Package.swift Sources Tests

.DEFAULT_GOAL := help
.PHONY: help setup setup-build build build-tests demo test lab soak test-tsan test-asan leaks fuzz fuzz-short check check-service \
	format bench install install-service \
	uninstall clean

help: ## print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## install the Debian packages that are missing; needs no root when none is
	@./.ci/install-packages $(BUILD_PACKAGES) $(TEST_PACKAGES)

setup-build:
	@./.ci/install-packages $(BUILD_PACKAGES)

build: setup-build ## build the release executable, .build/release/batchdump
	$(SWIFT) build $(RELEASE) --product batchdump

build-tests: setup
	$(SWIFT) build --build-tests

# The debug build serves demo and tests alike, so that who tries both waits for one build.
demo: setup-build ## dump eight simulated devices side by side and compare the images with what they hold
	$(SWIFT) build --product batchdump
	./Tests/Demo/demo.sh "$$($(SWIFT) build --show-bin-path)/batchdump"

# Not all tests at once: on two cores their simulated units would wait for each other longer than a console may be silent.
test soak: export SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH = 10

# Tests on mocked adapters run apart, one module at a time: a process has one mock, between it and all of its devices. So
# do those on emulated boards, each of which keeps a core busy, even at its prompt.
test: build-tests check-service ## run all tests, those on mocked adapters and against real U-Boot in QEMU among them
	umockdev-wrapper $(SWIFT) test --skip-build --disable-xctest --filter UdevTests
	umockdev-wrapper $(SWIFT) test --skip-build --disable-xctest --filter AdapterListTests
	$(SWIFT) test --skip-build --disable-xctest --filter '^UBootTests\.'
	$(SWIFT) test --skip-build --disable-xctest --skip '^UBootTests\.'

lab: build ## plug and pull real adapters in a virtual machine, with real U-Boot boards behind them
	@./.ci/install-packages $(LAB_PACKAGES)
	./Tests/Lab/run .build/release/batchdump

soak: build-tests ## kill a run at 2,000 random instants and go on with it (40 minutes; KILLS=N for another number)
	TEST_KILLS=$(KILLS) $(SWIFT) test --skip-build --disable-xctest --filter KillTests

# A sanitizer makes everything several times slower: what depends on QEMU's pace, or kills on time, is left out.
test-tsan: setup ## run the tests under the thread sanitizer
	./.ci/test-sanitized thread

test-asan: setup ## run the tests under the address sanitizer
	./.ci/test-sanitized address

leaks: setup ## run the tests on mocked adapters under the address sanitizer, which also finds leaks
	$(SWIFT) build --build-tests --sanitize=address --scratch-path .build/sanitized
	umockdev-wrapper .build/sanitized/debug/batchdumpPackageTests.xctest --testing-library swift-testing \
	  --filter UdevTests

fuzz: setup-build ## feed made-up bytes to all that reads foreign ones (FUZZ_SECONDS=600 for each reader)
	SWIFT="$(SWIFT)" ./Tests/Fuzz/run $(FUZZ_SECONDS)

# Every change must pass this, so chance has no part in it.
fuzz-short: setup-build ## the same, ten seconds each and always from one seed
	SWIFT="$(SWIFT)" FUZZ_SEED=1 ./Tests/Fuzz/run 10

check-service: ## check udev rules and systemd units with systemd's own tools, where they are
	./Tests/SystemIntegration/verify

check: ## formatter, linter and house rules; changes nothing
	$(SWIFT) format lint --strict --parallel --recursive $(SOURCES)
	./.ci/house-rules

format: ## put all sources into the one format
	$(SWIFT) format --in-place --parallel --recursive $(SOURCES)

# Its tables on the terminal, and the same for programs. It measures the batchdump that is built here.
bench: build setup ## print the speed tables of README, measured here (an hour and a half; .build/bench.json)
	@./.ci/install-packages $(BENCH_PACKAGES)
	$(SWIFT) build $(RELEASE) --product batchdump-bench
	.build/release/batchdump-bench --json .build/bench.json

install: ## copy the release executable to PREFIX/bin (PREFIX=/usr/local, DESTDIR=); run `make build` first
	@test -x .build/release/batchdump || { echo "install: no .build/release/batchdump; run 'make build' first" >&2; exit 1; }
	install -d "$(DESTDIR)$(PREFIX)/bin"
	install -s -m 755 .build/release/batchdump "$(DESTDIR)$(PREFIX)/bin/batchdump"

install-service: ## copy udev rules, systemd units and their user's definition to PREFIX/lib
	./Sources/SystemIntegration/install "$(PREFIX)" "$(DESTDIR)"

uninstall: ## remove what install and install-service have copied
	rm -f "$(DESTDIR)$(PREFIX)/bin/batchdump"
	./Sources/SystemIntegration/install --remove "$(PREFIX)" "$(DESTDIR)"

clean: ## remove everything that was built
	rm -rf .build
