# The menu. `make` alone shows it.
JDK   = $(shell ./backstay --print-jdk)
MVN   = JAVA_HOME="$(JDK)" mvn -B -ntp
DRILL = ./backstay drill

.DEFAULT_GOAL := help
MATRIX = .backstay/matrix

.PHONY: help build test it matrix fuzz cases drill drills guard-table tool-table mutation drill-all kill-drill bench race no-false-refusals bundle fmt clean jdk browser

help: ## show this menu
	@awk -F':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

build: jdk ## compile, with warnings as errors, and pack what ./backstay runs
	@$(MVN) -q package -DskipTests -Dspotless.check.skip

test: jdk browser ## everything that proves this copy: checks, unit tests, real-server tests, a short drill
	@$(MVN) verify
	@tests/launcher
	@tests/bundle
	@tests/short-drill

it: jdk ## real-server tests only
	@$(MVN) -q verify -Dtest=NoUnitTest -Dsurefire.failIfNoSpecifiedTests=false

matrix: jdk ## read the logs of MySQL 9.7 and MariaDB 11.8, fetched and run for it, and hold them against the servers; back MySQL up, stream and restore it
	@tests/matrix $(MATRIX)

fuzz: jdk ## damage logs a hundred thousand times; FUZZ_SEED=N repeats a run
	@$(MVN) -q test -pl binlog -am -Dspotless.check.skip -Dtest=FuzzTest -Dsurefire.failIfNoSpecifiedTests=false \
	  -DtestJvm="-Xmx768m --enable-native-access=ALL-UNNAMED -Dbackstay.fuzz.rounds=25000 -Dbackstay.fuzz.seed=$(or $(FUZZ_SEED),$(shell date +%s))"

cases: jdk ## every hard case restored to each of its transactions on both servers, and SEEDS=200 random logs from FROM=1 on (10 minutes)
	@for version in 10.11.5 11.4.5; do \
	  $(MVN) -q verify -pl recovery -am -Dtest=NoUnitTest -Dsurefire.failIfNoSpecifiedTests=false -Dit.test='RandomRestoreIT,RecoveryCasesIT' \
	    -Dfailsafe.failIfNoSpecifiedTests=false -Dspotless.check.skip -Dbackstay.every.stop=true -Dbackstay.cases.version=$$version \
	    -Dbackstay.seeds=$(or $(SEEDS),200) -Dbackstay.seed=$(or $(FROM),1) || exit 1; \
	done

drill: ## re-enact the outage on real servers (about 8 minutes)
	@$(DRILL)

drills: ## the guard's fault catalogue as real situations (about 5 minutes, as root)
	@./backstay guard drill --id all || [ $$? -eq 4 ]

guard-table: ## write the drills' results into docs/guard.md
	@./backstay guard drill --id all --table docs/guard.md || [ $$? -eq 4 ]

tool-table: jdk ## what pgrep, fuser, lsof, ss and others say of a live server, as a table in docs/guard.md (as root)
	@$(MVN) -q verify -pl guard -am -Dtest=NoUnitTest -Dit.test=ToolTableIT -Dsurefire.failIfNoSpecifiedTests=false -Dfailsafe.failIfNoSpecifiedTests=false \
	  -Dspotless.check.skip -DtestJvm="-Xmx768m --enable-native-access=ALL-UNNAMED -Dbackstay.tools.table=$(CURDIR)/docs/guard.md"

drill-all: ## acts 1 and 2 with every buggy script, then the whole drill
	@$(DRILL) --act 1,2 --bug all --seed 7
	@$(DRILL)

kill-drill: ## kill a small drill ten times in act 3, and resume it
	@tests/kill-drill

bench: ## the figures of a full-size drill, as JSON
	@$(DRILL) --rows 1000000 --act 1,4 --output json

bundle: jdk ## the guard for hosts without a JDK, as target/backstay-guard-*.tar.gz
	@packaging/bundle

fmt: jdk ## format the sources
	@$(MVN) -q spotless:apply

race: jdk ## wipe under the guard SEEDS=2000 times while somebody moves in, out, swaps it, starts a server in it; FROM=SEED repeats
	@$(MVN) -q verify -pl guard -am -Dtest=NoUnitTest -Dit.test=RaceIT -Dsurefire.failIfNoSpecifiedTests=false -Dfailsafe.failIfNoSpecifiedTests=false \
	  -Dspotless.check.skip -DtestJvm="-Xmx768m --enable-native-access=ALL-UNNAMED -Dbackstay.race.seeds=$(or $(SEEDS),2000) \
	  -Dbackstay.race.from=$(or $(FROM),1) -Dbackstay.race.report=$(CURDIR)/guard/target/race.tsv"

mutation: jdk ## build small faults into the guard, see that a test fails for each, write docs/guard-coverage.md (as root, about 15 minutes)
	@$(MVN) -q test -Pmutation -pl guard -am -Dtest=MutationRun -Dsurefire.failIfNoSpecifiedTests=false -Dspotless.check.skip \
	  -DtestJvm="-Xmx768m --enable-native-access=ALL-UNNAMED -Dbackstay.mutation.module=$(CURDIR)/guard"

no-false-refusals: jdk ## what is truly empty, twenty times each beside processes that come and go
	@$(MVN) -q verify -pl guard -am -Dtest=NoFalseRefusalsTest -Dbackstay.times=20 -DskipITs -Dsurefire.failIfNoSpecifiedTests=false

clean: jdk ## delete what was built (servers that were fetched stay in .backstay)
	@$(MVN) -q clean

jdk:
	@./backstay --print-jdk >/dev/null

browser:
	@tests/browser
