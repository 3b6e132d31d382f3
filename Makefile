# Each target says what it does in one line: `make help`.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

MVN ?= mvn -B -ntp
BUF := .ci/tools/node_modules/.bin/buf
JAR := server/target/tandem-server.jar
IMAGE := proto/target/classes/tandem/descriptors.binpb
OPENAPI := server/target/openapi.json
SOURCES := $(shell find pom.xml proto client-stubs/java server deploy/model -type f \
	-not -path '*/target/*' -not -path '*/src/test/*' 2>/dev/null)

.PHONY: help run build dist bench test lint contract format model stubs clean

help: ## tells the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 16

run: build ## builds what has changed, fetches the embedded model once, serves on port 8000
	@deploy/model/fetch.sh || echo "make: no embedded model; the server starts without it" >&2
	@exec deploy/bin/tandem --set log.format=text $(ARGS)

build: $(JAR) ## packages the server, when its sources are newer than the package

$(JAR): $(SOURCES)
	@echo "make: packaging the server"
	@$(MVN) -q -Dquick -Dmaven.test.skip=true -pl server -am package
	@touch $@

dist: $(JAR) ## packs what a machine with JDK 25 needs to run the server, ready to start fast
	@deploy/dist

bench: dist ## measures the server beside nginx, in five minutes; docs/benchmarks.md says how to read it
	@$(MVN) -q -Dquick -Dmaven.test.skip=true -Pbench -pl bench/micro -am package
	@bench/run

test: model contract ## runs every gate and every test
	$(MVN) verify
	@.ci/lint-openapi $(OPENAPI)

lint: contract $(OPENAPI) ## checks the contract: style, changes since the last release, API document
	@.ci/lint-openapi $(OPENAPI)

contract: $(IMAGE)
	@.ci/lint-contract $(IMAGE)

# The test that holds the document against the server leaves it there.
$(OPENAPI): $(SOURCES)
	@$(MVN) -q -Dquick -pl server -am test -Dtest=ApiDocumentTest -Dsurefire.failIfNoSpecifiedTests=false
	@touch $@

$(IMAGE): $(shell find proto/tandem -name '*.proto') proto/pom.xml
	@$(MVN) -q -pl proto process-classes
	@touch $@

format: ## rewrites the sources as the format gate wants them
	@$(MVN) -q -pl server process-sources -Dformat.goal=write

model: ## fetches the weights of the embedded model, once
	@deploy/model/fetch.sh

stubs: ## generates and packages the client stubs for Java
	@$(MVN) -q -pl client-stubs/java -am -Dquick package
	@ls client-stubs/java/target/*.jar

clean: ## removes what was built
	@$(MVN) -q clean
	@rm -rf .ci/tools/node_modules
