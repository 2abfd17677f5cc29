# The front door: `make help` tells what there is.

SWIFT ?= swift
PREFIX ?= /usr/local
DESTDIR ?=

BUILD_PACKAGES := pkg-config zlib1g-dev libudev-dev
LAB_PACKAGES := qemu-system-x86 qemu-system-arm u-boot-qemu cpio kmod python3 binutils
TEST_PACKAGES := qemu-system-arm u-boot-qemu umockdev libumockdev-dev

# One static executable that runs where no Swift is installed.
RELEASE := --configuration release --static-swift-stdlib
SOURCES := Package.swift Sources Tests

.DEFAULT_GOAL := help
.PHONY: help setup setup-build build build-tests demo test lab leaks check check-service format bench install install-service \
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

# Tests on mocked adapters run apart, one module at a time: a process has one mock, between it and all of its devices.
test: build-tests check-service ## run all tests, those on mocked adapters and against real U-Boot in QEMU among them
	umockdev-wrapper $(SWIFT) test --skip-build --disable-xctest --filter UdevTests
	umockdev-wrapper $(SWIFT) test --skip-build --disable-xctest --filter AdapterListTests
	$(SWIFT) test --skip-build --disable-xctest

lab: build ## plug and pull real adapters in a virtual machine, with real U-Boot boards behind them
	@./.ci/install-packages $(LAB_PACKAGES)
	./Tests/Lab/run .build/release/batchdump

leaks: setup ## run the tests on mocked adapters under the address sanitizer, which also finds leaks
	$(SWIFT) build --build-tests --sanitize=address --scratch-path .build/sanitized
	umockdev-wrapper .build/sanitized/debug/batchdumpPackageTests.xctest --testing-library swift-testing \
	  --filter UdevTests

check-service: ## check udev rules and systemd units with systemd's own tools, where they are
	./Tests/SystemIntegration/verify

check: ## formatter, linter and house rules; changes nothing
	$(SWIFT) format lint --strict --parallel --recursive $(SOURCES)
	./.ci/house-rules

format: ## put all sources into the one format
	$(SWIFT) format --in-place --parallel --recursive $(SOURCES)

bench: setup ## print the speed table of README, measured here
	$(SWIFT) run $(RELEASE) batchdump-bench

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
