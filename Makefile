# The one door: `make` says what there is.
MVN = mvn -B -ntp

.DEFAULT_GOAL := help
.PHONY: help demo example check test format release bench bench-cpu bench-forecast bench-chunks bench-harm bench-backup

help: ## What can be made here
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1|\2/p' Makefile | awk -F'|' '{ printf "  make %-14s %s\n", $$1, $$2 }'

demo: ## A backfill of 200,000 orders on a PostgreSQL server of its own
	./backhoe demo --rows 200000

example: ## A Java program that plans, runs and takes back two backfills: examples/java/FillTiers.java
	$(MVN) -q -DskipTests -Dspotless.check.skip package
	java -cp backhoe-cli/target/backhoe.jar examples/java/FillTiers.java

check: ## Everything that has to pass before a change goes in: format, compiler checks, all tests
	$(MVN) verify

test: ## The tests alone; one class with: make test ONLY=DemoShopTest
	$(MVN) test $(if $(ONLY),-Dtest=$(ONLY) -Dsurefire.failIfNoSpecifiedTests=false)

format: ## Formats the sources as `check` wants them
	$(MVN) spotless:apply -pl '!backhoe-bom'

PUBLISHED = backhoe-bom,backhoe-core,backhoe-postgres,backhoe-embedded,backhoe-testkit,backhoe-notify,backhoe-s3
release: ## What would be published, in target/ of each module: jars, sources, javadoc, bill of materials; publishes nothing
	$(MVN) -Prelease -DskipTests -am -pl $(PUBLISHED) package

BENCH = java -cp "backhoe-bench/target/classes:backhoe-bench/target/lib/*"
BENCH_OUT = docs/benchmarks
BENCH_ORDERS = 5200000
BENCH_ROUNDS = 5
BENCH_WORKERS = 2
BENCH_CASE = join
BENCH_RIVALS = all
bench: ## Backhoe beside SQL by hand and others, on a server of yours: make bench BENCH_URL="postgresql://..." BENCH_CASE=join
	$(MVN) -q -DskipTests -Dspotless.check.skip package
	$(BENCH) io.backhoe.bench.Fill "$(BENCH_URL)" $(BENCH_ORDERS) $(BENCH_ROUNDS) $(BENCH_WORKERS) $(BENCH_OUT) $(BENCH_CASE) $(BENCH_RIVALS)

bench-cpu: ## What planning, reading a spec and writing a key cost the processor
	$(MVN) -q -DskipTests -Dspotless.check.skip package
	$(BENCH) org.openjdk.jmh.Main io.backhoe.bench.CpuPaths

BENCH_POLICY = gentle
bench-forecast: ## Forecasts beside what runs took, on a quiet server: make bench-forecast BENCH_URL="postgresql://..."
	$(MVN) -q -DskipTests -Dspotless.check.skip package
	$(BENCH) io.backhoe.bench.ForecastAccuracy "$(BENCH_URL)" $(BENCH_POLICY)

BENCH_CHUNKS = 20000
bench-chunks: ## What the ledger costs a chunk of a few rows: make bench-chunks BENCH_URL="postgresql://..."
	$(MVN) -q -DskipTests -Dspotless.check.skip package
	$(BENCH) io.backhoe.bench.TinyChunks \
		"$(BENCH_URL)" $(BENCH_CHUNKS) $(BENCH_ROUNDS)

BACKUP_ORDERS = 1000000
BACKUP_LOCATIONS = file:///tmp/
bench-backup: ## What a backup outside of the database costs: make bench-backup BENCH_URL="postgresql://..." BACKUP_LOCATIONS="file:///backups/ s3://bucket/bench/"
	$(MVN) -q -DskipTests -Dspotless.check.skip package
	$(BENCH) io.backhoe.bench.BackupCost \
		"$(BENCH_URL)" $(BACKUP_ORDERS) $(BENCH_ROUNDS) $(BACKUP_LOCATIONS)

HARM_PAIRS = 5
HARM_SECONDS = 60
bench-harm: ## What a backfill does to an application, on a server of this machine: make bench-harm BENCH_URL="postgresql://..."
	$(MVN) -q -DskipTests -Dspotless.check.skip package
	$(BENCH) io.backhoe.bench.Harm \
		"$(BENCH_URL)" $(BENCH_ORDERS) $(HARM_PAIRS) $(HARM_SECONDS) $(BENCH_OUT)
