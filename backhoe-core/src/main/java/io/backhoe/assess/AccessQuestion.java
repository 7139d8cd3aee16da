package io.backhoe.assess;

import io.backhoe.database.ColumnFacts;
import io.backhoe.database.IndexFacts;
import io.backhoe.database.Shown;
import io.backhoe.database.StorageFacts;
import io.backhoe.spec.ChunkBy;
import io.backhoe.value.SqlName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** How the rows of a chunk are reached, and what has to be read for that. */
final class AccessQuestion implements Question {
    /** A table that is read in a moment, however often. */
    private static final long SMALL = 64L << 20;

    /** More than the plan takes. */
    private static final long MOST_ROWS_READ = 200_000_000;

    @Override
    public String about() {
        return "how the rows of a chunk are reached";
    }

    @Override
    public Needs needs() {
        return Needs.SCOPE;
    }

    @Override
    public boolean mayBlock() {
        return true;
    }

    @Override
    public List<Finding> ask(Subject subject) {
        if (subject.table().key().isEmpty()) {
            // Reported by itself, and nothing can be walked without one.
            return List.of();
        }
        var storage = subject.ofTable().storage();
        ColumnFacts date =
                subject.scope().range() == null ? null : subject.scope().date();
        boolean reached =
                date != null && startingWith(subject, List.of(date.name())).isPresent();
        Finding finding = switch (unit(subject, reached, storage.value())) {
            case KEY -> byKey(storage);
            case PARTITION -> byPartition(subject, storage);
            default -> date == null ? byKey(storage) : byDate(subject, date, storage);
        };
        return List.of(finding);
    }

    /** As the plan chooses where the spec leaves it open. */
    private static ChunkBy unit(Subject subject, boolean reached, StorageFacts storage) {
        ChunkBy asked = subject.spec().strategy().chunkBy();
        if (asked != ChunkBy.AUTO || reached) {
            return asked;
        }
        return storage.partitions() > 0 ? ChunkBy.PARTITION : ChunkBy.KEY;
    }

    private static Finding byKey(Shown<StorageFacts> storage) {
        return Finding.info(
                        "reached_by_key",
                        "Chunks are stretches of the key: together they read the table once ("
                                + Amount.bytes(storage.value().heapBytes()) + "), each its own part of it.")
                .with("heap_bytes", storage.value().heapBytes())
                .shownBy(storage.sql());
    }

    private static Finding byPartition(Subject subject, Shown<StorageFacts> storage) {
        if (storage.value().partitions() == 0) {
            return Finding.blocker(
                            "not_partitioned",
                            "strategy.chunk_by is partition, but table "
                                    + subject.table().name() + " has no partitions.")
                    .shownBy(storage.sql())
                    .remedy("Choose a unit of the calendar, key or auto.");
        }
        return Finding.info(
                        "reached_by_partition",
                        "Chunks are partitions (" + storage.value().partitions()
                                + "): together they read the table at most once ("
                                + Amount.bytes(storage.value().heapBytes()) + ").")
                .with("partitions", (long) storage.value().partitions())
                .with("heap_bytes", storage.value().heapBytes())
                .shownBy(storage.sql());
    }

    private static Finding byDate(Subject subject, ColumnFacts date, Shown<StorageFacts> storage) {
        var wanted = new ArrayList<String>();
        wanted.add(date.name());
        subject.table().key().stream().filter(k -> !k.equals(date.name())).forEach(wanted::add);
        Optional<IndexFacts> whole = startingWith(subject, wanted);
        Optional<IndexFacts> part = startingWith(subject, List.of(date.name()));
        return whole.map(index -> reached(index, subject, storage))
                .or(() -> part.map(index -> sorted(index, subject, wanted, storage)))
                .orElseGet(() -> readWhole(subject, wanted, storage));
    }

    private static Optional<IndexFacts> startingWith(Subject subject, List<String> columns) {
        return subject.table().indexes().stream()
                .filter(i -> i.columns().size() >= columns.size())
                .filter(i -> i.columns().subList(0, columns.size()).equals(columns))
                .findFirst();
    }

    private static Finding reached(IndexFacts index, Subject subject, Shown<StorageFacts> storage) {
        return share(
                Finding.info(
                                "reached_by_index",
                                "Index " + index.name()
                                        + " begins with the date and the key: each chunk reads its own rows only"
                                        + share(subject, storage) + ".")
                        .with("index", index.name()),
                subject,
                storage);
    }

    private static Finding sorted(IndexFacts index, Subject subject, List<String> wanted, Shown<StorageFacts> storage) {
        String date = wanted.get(0);
        Finding finding = Finding.info(
                        "sorted_for_each_batch",
                        "Index " + index.name() + " begins with " + date
                                + " but not with the key after it: each chunk reads its own rows only"
                                + share(subject, storage) + ", and rows that share a value of " + date
                                + " are sorted for each batch.")
                .with("index", index.name())
                .shownBy("SELECT " + SqlName.quote(date) + ", count(*)\nFROM " + subject.tableSql() + "\nGROUP BY 1\n"
                        + "ORDER BY 2 DESC\nLIMIT 10")
                .remedy("Only where many thousand rows share a value: " + create(subject, wanted, storage.value()));
        return share(finding, subject, storage);
    }

    private static Finding readWhole(Subject subject, List<String> wanted, Shown<StorageFacts> storage) {
        String date = wanted.get(0);
        boolean parted = !storage.value().partitionColumns().isEmpty()
                && storage.value().partitionColumns().get(0).equals(date);
        long heap = storage.value().heapBytes();
        long chunks = Chunks.count(subject);
        boolean brin = subject.ofTable().indexes().value().stream()
                .anyMatch(i -> i.method().equals("brin") && i.columns().contains(date));
        var passed = PassedOver.of(subject.table(), subject.ofTable().indexes().value(), date);
        String index = passed.isPresent()
                ? passed.get().sentence() + " No other begins with "
                : brin ? "Only a BRIN index, in which no keys can be walked, is on " : "No index begins with ";
        String what = parted
                ? index + date + ": each of about " + Amount.of(chunks, "chunk")
                        + " reads the whole of the partitions that it lies in."
                : index + date + ": each of about " + Amount.of(chunks, "chunk") + " reads all of the table ("
                        + Amount.bytes(heap) + "), together " + Amount.bytes((double) heap * chunks) + ".";
        return finding(severity(subject, storage.value(), chunks, parted), what)
                .with("heap_bytes", heap)
                .with("chunks", chunks)
                .with("brin", brin)
                .with("passed_over", passed.map(PassedOver::index).stream().toList())
                .with("partitions", (long) storage.value().partitions())
                .shownBy(storage.sql())
                .remedy("Write strategy.chunk_by: " + (parted ? "partition" : "key")
                        + ", which reads each row once. Or: " + create(subject, wanted, storage.value())
                        + " That takes a while, and locks nobody out.");
    }

    private static Severity severity(Subject subject, StorageFacts storage, long chunks, boolean parted) {
        boolean refused = Math.max(0, storage.estimatedRows()) * chunks > MOST_ROWS_READ;
        if (refused
                || (!parted
                        && chunks > 1
                        && storage.heapBytes() > subject.options().largeBytes())) {
            return Severity.BLOCKER;
        }
        return storage.heapBytes() > SMALL ? Severity.WARNING : Severity.INFO;
    }

    private static Finding finding(Severity severity, String what) {
        return switch (severity) {
            case BLOCKER -> Finding.blocker("chunks_read_everything", what);
            case WARNING -> Finding.warning("chunks_read_everything", what);
            case INFO -> Finding.info("chunks_read_everything", what + " That is soon done with a table so small.");
        };
    }

    /** How much of the table that is, where it is known how many rows are meant. */
    private static String share(Subject subject, Shown<StorageFacts> storage) {
        long bytes = Chunks.bytes(subject, storage.value());
        return bytes < 0 ? "" : ", about " + Amount.bytes(bytes) + " of the table";
    }

    private static Finding share(Finding finding, Subject subject, Shown<StorageFacts> storage) {
        long bytes = Chunks.bytes(subject, storage.value());
        return bytes < 0
                ? finding
                : finding.with("chunks", Chunks.count(subject)).with("chunk_bytes", bytes);
    }

    /** On a partitioned table the server builds no index CONCURRENTLY, but on its partitions it does. */
    private static String create(Subject subject, List<String> columns, StorageFacts storage) {
        String list = " (" + columns.stream().map(SqlName::quote).collect(Collectors.joining(", ")) + ");";
        return storage.partitionColumns().isEmpty()
                ? "CREATE INDEX CONCURRENTLY ON " + subject.tableSql() + list
                : "CREATE INDEX ON ONLY " + subject.tableSql() + list
                        + " then on each partition CREATE INDEX CONCURRENTLY ON ..." + list
                        + " and ALTER INDEX ... ATTACH PARTITION ...;";
    }
}
