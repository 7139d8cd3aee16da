package io.backhoe.run;

import io.backhoe.backup.BackupException;
import io.backhoe.backup.BackupStore;
import io.backhoe.backup.Digest;
import io.backhoe.backup.Exporter;
import io.backhoe.backup.Inspection;
import io.backhoe.backup.Manifest;
import io.backhoe.database.Database;
import io.backhoe.database.Session;
import io.backhoe.database.TableFacts;
import io.backhoe.ledger.ExportedRecord;
import io.backhoe.ledger.ExportedTable;
import io.backhoe.ledger.NewRun;
import io.backhoe.ledger.RunRecord;
import io.backhoe.ledger.RunTable;
import io.backhoe.ledger.SegmentRecord;
import io.backhoe.plan.Plan;
import io.backhoe.plan.PlanFile;
import io.backhoe.run.batch.Batch;
import io.backhoe.run.batch.BatchStatements;
import io.backhoe.run.throttle.Backoff;
import io.backhoe.value.SqlName;
import io.backhoe.value.Time;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The backup of a run, as its executor keeps it: each batch's before-images are there before the batch commits, and a list of
 * what is there comes after them. {@link #keep} is the workers' and thread-safe; the rest is the coordinator's.
 */
final class Backing implements AutoCloseable {
    /** How old the list may be that a restore without the ledger finds; of very many objects older, as it gets long. */
    private static final Duration LIST_EVERY = Duration.ofSeconds(30);

    private static final int MANY = 10_000;

    /** A stop takes no longer than five seconds, whatever the place of the backup does. */
    private static final Duration STOP_WITHIN = Duration.ofSeconds(1);

    private static final Pattern OBJECT = Pattern.compile("c\\d+-s\\d+-b\\d+-e(\\d+)-[0-9a-f]{8}-a\\d+\\.csv\\.zst");

    private final BackupStore store;
    private final Exporter exporter;
    private final Plan plan;
    private final RunRecord run;
    private final Time time;
    private final RunListener listener;
    private final String scratch;
    /** Of this executor alone: one in a copy of the database has the same epoch. */
    private final String token = UUID.randomUUID().toString().substring(0, 8);

    private final AtomicLong attempts = new AtomicLong();
    private final AtomicBoolean listing = new AtomicBoolean();
    private @Nullable Manifest manifest;
    private boolean settledOnce;
    private int cleared;
    private long listed;
    private long every = LIST_EVERY.toNanos();

    Backing(BackupStore store, Plan plan, RunRecord run, Time time, RunListener listener) {
        this.store = store;
        this.exporter = new Exporter(store, time);
        this.plan = plan;
        this.run = run;
        this.time = time;
        this.listener = listener;
        this.scratch = "pg_temp.backhoe_kept_" + run.id();
        this.listed = time.nanos();
    }

    /** The plan's statements, keeping before-images where each batch sends them from. */
    BatchStatements statements() {
        return BatchStatements.run(plan.sql().withImages(scratch), run.id())
                .keepingIn(plan.sql().scratchImages(scratch));
    }

    /**
     * In a batch's transaction, after it has written.
     *
     * @throws BackupException when its before-images are not in the backup: it must not commit
     */
    void keep(Session session, SegmentRecord segment, long changed) {
        String object = "c%06d-s%04d-b%09d-e%06d-%s-a%09d.csv.zst"
                .formatted(
                        segment.chunk(),
                        segment.number(),
                        segment.seq(),
                        run.epoch(),
                        token,
                        attempts.incrementAndGet());
        var exported = exporter.export(session, copy(), object, segment.chunk());
        if (exported.rows() != changed) {
            throw Batch.mismatch(exported.rows(), changed);
        }
        if (plan.spec().rollback().keepsInDatabase()) {
            session.execute("INSERT INTO backhoe.before_image_" + run.id() + " SELECT * FROM " + scratch);
        }
        ExportedTable.write(session, run.id(), exported);
    }

    /** With names that say to a person what is what; they are not read again. */
    private String copy() {
        var columns = new ArrayList<String>();
        columns.add("chunk");
        int place = 1;
        for (String key : plan.access().key()) {
            columns.add("key_" + place++ + " AS " + SqlName.quote(key));
        }
        place = 1;
        for (String column : plan.spec().requiredTransform().columns()) {
            columns.add("old_" + place + " AS " + SqlName.quote("old_" + column));
            columns.add("new_" + place++ + " AS " + SqlName.quote("new_" + column));
        }
        return "COPY (SELECT " + String.join(", ", columns) + " FROM " + scratch + ") TO STDOUT (FORMAT csv, HEADER)";
    }

    /**
     * Before the first batch of this executor: what former ones have left is cleared away, and what a restore needs is there.
     *
     * @throws BackupException STOPPED when it cannot be written for long
     */
    void begin(Control control, Database database, StopSignal stop) throws InterruptedException {
        var entries = control.durably(s -> ExportedTable.settled(s, run.id()));
        String text =
                control.durably(s -> PlanFile.write(NewRun.plan(s, plan.hash()).orElseThrow()));
        var table = control.durably(s -> database.table(s, plan.spec().scope().table()));
        byte[] document = text.getBytes(StandardCharsets.UTF_8);
        manifest = describe(Digest.of(document), table);
        if (!plan.spec().rollback().keepsInDatabase()) {
            // A rollback that did not come about has left it; it lacks what is written from now on.
            control.change(s -> s.execute("DROP TABLE IF EXISTS backhoe.before_image_" + run.id()));
        }
        patiently(stop, () -> Inspection.refuseOlderLedger(store, entries, run.id(), run.epoch() - 1));
        patiently(stop, () -> {
            store.put(Manifest.PLAN, out -> out.write(document));
            list(entries, false);
            clear(entries);
        });
    }

    private Manifest describe(Digest document, TableFacts table) {
        return new Manifest(
                Manifest.SCHEMA,
                Long.toString(run.id()),
                run.name(),
                plan.hash(),
                new Manifest.Part(Manifest.PLAN, 0, 0, document.bytes(), document.sha256()),
                table.name().toString(),
                columns(table, plan.access().key()),
                columns(table, plan.spec().requiredTransform().columns()),
                plan.session(),
                plan.fingerprint(),
                run.epoch(),
                "",
                false,
                0,
                List.of(),
                "");
    }

    private static List<Manifest.Column> columns(TableFacts table, List<String> names) {
        return names.stream()
                .map(name -> new Manifest.Column(
                        name, table.column(name).orElseThrow().type()))
                .toList();
    }

    /** Now and then, so that little is missing in the list when the ledger is lost with the process. Does not wait for it. */
    void beat(Control control) throws InterruptedException {
        if (time.nanos() - listed < every || !listing.compareAndSet(false, true)) {
            return;
        }
        listed = time.nanos();
        var entries = control.durably(s -> ExportedTable.settled(s, run.id()));
        every = LIST_EVERY.toNanos() * Math.max(1, entries.size() / MANY);
        aside(() -> {
            try {
                list(entries, false);
            } finally {
                listing.set(false);
            }
        });
    }

    /**
     * After the last batch of this executor: everything that is committed is listed, and what is not is cleared away. A batch whose
     * connection was given up may still be committing; then its object is neither listed nor cleared away, and the list says that
     * it may not be whole.
     *
     * @param halted whether the run stops before its end: then that is what counts, and the next executor lists it again
     * @throws BackupException STOPPED when it cannot be written for long and nothing else stops the run
     */
    void end(Control control, boolean halted, StopSignal stop) throws InterruptedException {
        exporter.close();
        boolean over = workersAreGone(control);
        var entries = control.durably(s -> ExportedTable.settled(s, run.id()));
        Runnable work = () -> {
            list(entries, over);
            if (over) {
                clear(entries);
            }
        };
        if (!halted) {
            patiently(stop, work);
            return;
        }
        var thread = aside(work);
        thread.join(STOP_WITHIN.toMillis());
        if (thread.isAlive()) {
            listener.event("backup", "", "its list is still being written; resume or the ledger knows what it misses");
        }
    }

    /** The server sees a moment later that somebody has hung up. */
    private boolean workersAreGone(Control control) throws InterruptedException {
        for (int looks = 0; looks < 10; looks++) {
            if (control.durably(s -> RunTable.workers(s, run.id())) == 0) {
                return true;
            }
            time.sleep(Duration.ofMillis(50));
        }
        return false;
    }

    private Thread aside(Runnable work) {
        var thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (BackupException e) {
                        listener.event("backup", "", "its list could not be written: " + e.getMessage());
                    }
                },
                "backhoe-backup-list");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private synchronized void list(List<ExportedRecord> entries, boolean settled) {
        Manifest described = manifest;
        if (described == null) {
            throw new IllegalStateException("the backup was not begun");
        }
        if (settledOnce && !settled) {
            // One that was begun before the end and comes after it.
            return;
        }
        settledOnce = settled;
        byte[] bytes =
                described.listing(entries, settled, time.now().toString()).bytes();
        store.put(Manifest.name(run.epoch()), out -> out.write(bytes));
    }

    /** Objects of batches that did not commit, and lists of former executors. A place that forbids it keeps them. */
    private void clear(List<ExportedRecord> entries) {
        try {
            if (run.epoch() > cleared) {
                // Once, before there are uploads of our own.
                store.clearUnfinished();
                cleared = run.epoch();
            }
            for (String object : Inspection.unlisted(store, entries)) {
                if (isOver(object)) {
                    store.delete(object);
                }
            }
            for (var stored : store.list()) {
                if (Manifest.isManifest(stored.name()) && stored.name().compareTo(Manifest.name(run.epoch())) < 0) {
                    store.delete(stored.name());
                }
            }
        } catch (BackupException e) {
            if (e.kind() != BackupException.Kind.FORBIDDEN) {
                throw e;
            }
            listener.event("backup", "", "what batches left that did not commit stays there: " + e.getMessage());
        }
    }

    /** Of a batch of this executor or a former one: what a newer one sends may commit any moment, what is foreign stays. */
    private boolean isOver(String object) {
        var named = OBJECT.matcher(object);
        return named.matches() && Long.parseLong(named.group(1)) <= run.epoch();
    }

    private void patiently(StopSignal stop, Runnable work) throws InterruptedException {
        var backoff = new Backoff(new Random());
        for (int attempt = 0; ; attempt++) {
            try {
                work.run();
                return;
            } catch (BackupException e) {
                if (attempt >= plan.spec().strategy().maxRetries() || stop.reason() != null) {
                    throw e.stopping(run.id());
                }
                listener.event("backup", "", "is waited for (" + (attempt + 1) + "): " + e.getMessage());
                time.sleep(backoff.before(attempt));
            }
        }
    }

    @Override
    public void close() {
        exporter.close();
        store.close();
    }
}
