package io.backhoe.assess;

import io.backhoe.database.IndexFacts;
import io.backhoe.database.Shown;
import io.backhoe.database.StorageFacts;
import io.backhoe.spec.Spec;
import io.backhoe.value.SqlName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** How the rows of a chunk are reached, and what has to be read for that. */
final class AccessQuestion implements Question {
    /** A table that is read in a moment, however often. */
    private static final long SMALL = 64L << 20;

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
        String date = subject.scope().date().name();
        var wanted = new ArrayList<String>();
        wanted.add(date);
        subject.table().key().stream().filter(k -> !k.equals(date)).forEach(wanted::add);
        Optional<IndexFacts> whole = startingWith(subject, wanted);
        if (whole.isPresent()) {
            return List.of(reads(
                    subject,
                    Finding.info(
                                    "reached_by_index",
                                    "Index " + whole.get().name() + " holds " + date
                                            + " and the key in that order: each chunk reads its own rows only"
                                            + share(subject) + ".")
                            .with("index", whole.get().name())));
        }
        Optional<IndexFacts> byDate = startingWith(subject, List.of(date));
        return List.of(byDate.map(index -> sorted(subject, index, wanted)).orElseGet(() -> readWhole(subject, wanted)));
    }

    private static Optional<IndexFacts> startingWith(Subject subject, List<String> columns) {
        return subject.table().indexes().stream()
                .filter(i -> i.columns().size() >= columns.size())
                .filter(i -> i.columns().subList(0, columns.size()).equals(columns))
                .findFirst();
    }

    private static Finding sorted(Subject subject, IndexFacts index, List<String> wanted) {
        String date = wanted.get(0);
        return Finding.info(
                        "sorted_for_each_batch",
                        "Index " + index.name() + " holds " + date
                                + " but not the key: each chunk reads its own rows only" + share(subject)
                                + ", and rows that share a value of "
                                + date + " are sorted for each batch.")
                .with("index", index.name())
                .shownBy("SELECT " + SqlName.quote(date) + ", count(*)\nFROM " + subject.tableSql() + "\nGROUP BY 1\n"
                        + "ORDER BY 2 DESC\nLIMIT 10")
                .remedy("Only where many thousand rows share a value: "
                        + create(subject, wanted, subject.ofTable().storage().value()));
    }

    private static Finding readWhole(Subject subject, List<String> wanted) {
        Shown<StorageFacts> storage = subject.ofTable().storage();
        long heap = storage.value().heapBytes();
        long chunks = chunks(subject.spec());
        String date = wanted.get(0);
        boolean parted = storage.value().partitionColumns().stream()
                .findFirst()
                .filter(date::equals)
                .isPresent();
        boolean brin = subject.ofTable().indexes().value().stream()
                .anyMatch(i -> i.method().equals("brin") && i.columns().contains(date));
        String total = Amount.bytes((double) heap * chunks);
        if (parted) {
            return Finding.info(
                            "reached_by_partition",
                            "No index begins with " + date + ", but the table is partitioned by it ("
                                    + Amount.of(storage.value().partitions(), "partition")
                                    + "): each chunk reads the whole of the partitions that it lies in, and of no others.")
                    .with("partitions", (long) storage.value().partitions())
                    .with("heap_bytes", heap)
                    .shownBy(storage.sql())
                    .remedy("Only where a partition holds many chunks: " + create(subject, wanted, storage.value()));
        }
        String what =
                (brin ? "Only a BRIN index, in which no keys can be walked, is on " : "No index begins with ") + date
                        + ": each of about " + Amount.of(chunks, "chunk") + " reads all of the table ("
                        + Amount.bytes(heap) + "), together " + total + ".";
        Finding finding = heap > subject.options().largeBytes() && chunks > 1
                ? Finding.blocker("chunks_read_everything", what)
                : heap > SMALL
                        ? Finding.warning("chunks_read_everything", what)
                        : Finding.info("chunks_read_everything", what + " That is soon done with a table so small.");
        return finding.with("heap_bytes", heap)
                .with("chunks", chunks)
                .with("brin", brin)
                .shownBy(storage.sql())
                .remedy(create(subject, wanted, storage.value()) + " It takes a while, and locks nobody out. Larger chunks"
                        + " (strategy.chunk_by) read the table less often.");
    }

    /** How much of the table that is, where it is known how many rows are meant. */
    private static String share(Subject subject) {
        return chunkBytes(subject) < 0 ? "" : ", about " + Amount.bytes(chunkBytes(subject)) + " of the table";
    }

    private static Finding reads(Subject subject, Finding finding) {
        return chunkBytes(subject) < 0
                ? finding
                : finding.with("chunks", chunks(subject.spec())).with("chunk_bytes", chunkBytes(subject));
    }

    private static long chunkBytes(Subject subject) {
        StorageFacts storage = subject.ofTable().storage().value();
        GapMap gaps = subject.gaps();
        if (gaps == null || storage.estimatedRows() <= 0) {
            return -1;
        }
        double meant = Math.min(1, gaps.total() / (double) storage.estimatedRows());
        return Math.round(storage.heapBytes() * meant / chunks(subject.spec()));
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

    /** About as many as the plan will cut. */
    static long chunks(Spec spec) {
        double days = Duration.between(spec.scope().start(), spec.scope().end()).toHours() / 24.0;
        double length = switch (spec.strategy().chunkBy().name()) {
            case "HOUR" -> 1 / 24.0;
            case "DAY" -> 1;
            case "WEEK" -> 7;
            case "QUARTER" -> 91.3;
            case "YEAR" -> 365.25;
            default -> 30.44;
        };
        return Math.max(1, Math.round(days / length));
    }
}
