package io.backhoe.plan;

import io.backhoe.database.BatchSql;
import io.backhoe.database.Lineage;
import io.backhoe.database.Reads;
import io.backhoe.spec.Check;
import io.backhoe.spec.CheckKind;
import io.backhoe.spec.ChunkBy;
import io.backhoe.spec.Correction;
import io.backhoe.spec.Monitoring;
import io.backhoe.spec.Pacing;
import io.backhoe.spec.SourceQuery;
import io.backhoe.spec.Spec;
import io.backhoe.spec.UpdateFrequency;
import io.backhoe.value.ChunkExtent;
import io.backhoe.value.ChunkRange;
import io.backhoe.value.Deadline;
import io.backhoe.value.Key;
import io.backhoe.value.KeyRange;
import io.backhoe.value.Policy;
import io.backhoe.value.RowsInto;
import io.backhoe.value.SignalName;
import io.backhoe.value.TableName;
import io.backhoe.value.WorkHours;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Plans for tests: one as a person would have it, and ones full of odd texts. */
final class Plans {
    private static final List<String> ODD = List.of(
            "x",
            "SELECT 1\nFROM t",
            " indented\n  more\n",
            "\n\nstarts late",
            "ends late\n\n\n",
            "a: b # c",
            "- [x, {y}]",
            "tab\there",
            "\ttab first\nnext",
            "trailing blanks  \nnext  ",
            "quote \" ' \\ `",
            "null",
            "yes",
            "123",
            "2023-01-01",
            "~",
            "carriage\r\nreturn",
            "bell \u0007 nel \u0085 ls \u2028 bom \uFEFF",
            "größe 表 🚜",
            "%tag &anchor *alias !tag @at |",
            "---\n...\n",
            "   ",
            "{run}",
            "it''s ${env:X} $${y}");

    private final Random random;

    private Plans(Random random) {
        this.random = random;
    }

    static Plan sample() {
        return sample(3);
    }

    static Plan sample(int chunkCount) {
        LocalDateTime start = LocalDateTime.of(2023, 1, 1, 0, 0);
        List<PlannedChunk> chunks = new ArrayList<>();
        for (int i = 0; i < chunkCount; i++) {
            LocalDateTime from = start.plusDays(i);
            chunks.add(new PlannedChunk(
                    from.toLocalDate().toString(),
                    from,
                    from.plusDays(1),
                    ChunkExtent.of(new ChunkRange(
                            from.toLocalDate().toString(),
                            from.plusDays(1).toLocalDate().toString())),
                    14_000 + i));
        }
        Spec spec = new Spec(
                new Spec.About("orders_tier", "Fill the tier", "2024-01-15", "data-team"),
                new Spec.Target("postgresql://app@db/shop", "app", "${env:PGPASSWORD}"),
                new Spec.Scope(
                        new TableName("public", "orders"),
                        "order_date",
                        start,
                        start.plusDays(chunkCount),
                        ZoneId.of("Europe/Berlin"),
                        "status <> 'test'",
                        5_200_000L,
                        "4h"),
                new Spec.Transform(
                        Map.of("customer_tier", "CASE WHEN c.lifetime_value >= 8000 THEN 'platinum' ELSE 'bronze' END"),
                        "customers c",
                        "c.id = orders.customer_id",
                        Map.of("customer_tier", "customer_tier IS NULL")),
                new Spec.Strategy("incremental", ChunkBy.DAY, 500_000L, 4, true, 10),
                new Spec.Execution(
                        List.of(new Check(
                                "no test rows", CheckKind.SQL, null, Map.of("query", "SELECT 1", "expect", "1"))),
                        List.of(),
                        List.of(
                                new Check(
                                        "verify_untouched_columns_unchanged",
                                        CheckKind.UNTOUCHED_COLUMNS,
                                        null,
                                        Map.of("except", "updated_at")),
                                new Check(
                                        "verify_no_nulls_in_customer_tier",
                                        CheckKind.NO_NULLS,
                                        "customer_tier",
                                        Map.of()))),
                new Spec.Rollback(true));
        return new Plan(
                        1,
                        spec,
                        new Plan.Access("orders_date_idx", List.of("order_date", "id"), List.of("id"), 120),
                        Map.of("search_path", "public"),
                        new BatchSql(
                                "SELECT id\nFROM orders\nWHERE order_date >= :chunk_start",
                                "INSERT INTO backhoe.image_{run}\nSELECT 1",
                                "UPDATE orders\nSET customer_tier = 'x'",
                                true,
                                "CREATE TABLE backhoe.image_{run} ()",
                                "CREATE INDEX ON backhoe.image_{run} (id)",
                                "SELECT 2",
                                "UPDATE orders SET customer_tier = old",
                                "SELECT 3",
                                "UPDATE orders SET customer_tier = older"),
                        chunks,
                        List.of("walks the index orders_date_idx"),
                        List.of("column id bigint not null", "primary key (id)"),
                        "",
                        new Forecast(
                                1_500,
                                "others were at the rows",
                                42_000,
                                new Forecast.Band(40_000, 42_000),
                                new Forecast.Band(1_200, 3_400),
                                5_000_000,
                                4_000_000,
                                3_000_000,
                                2_000_000,
                                21_000_000),
                        Map.of("write", "Update on orders\n  ->  Index Scan using orders_date_idx on orders"),
                        lineage(),
                        null)
                .hashed();
    }

    private static Lineage lineage() {
        var customers = new TableName("public", "customers");
        var orders = new TableName("public", "orders");
        return new Lineage(
                Map.of("customer_tier", Reads.of(customers, List.of("lifetime_value"))),
                Reads.of(customers, List.of("id")).and(Reads.of(orders, List.of("customer_id"))),
                Reads.of(orders, List.of("customer_tier", "order_date")));
    }

    /** A plan of one chunk, and nothing in it is null. */
    static Plan withEverything() {
        Plan plan = sample(1);
        PlannedChunk chunk = plan.chunks().get(0);
        var keys = new KeyRange(new Key(List.of("2023-01-01", "7")), new Key(List.of("2023-01-01", "9")));
        var extent = new ChunkExtent(chunk.extent().dates(), keys, new TableName("public", "orders_2023"));
        Spec spec = plan.spec();
        Spec.Transform sqlOnly = Objects.requireNonNull(spec.transform());
        // No file holds both; here it is about the fields.
        var transform = new Spec.Transform(
                sqlOnly.set(),
                sqlOnly.from(),
                sqlOnly.on(),
                sqlOnly.missingWhen(),
                new Spec.Function("tiers", Spec.Function.Per.BATCH),
                new SourceQuery(
                        "SELECT * FROM sent", RowsInto.UPSERT, List.of("id"), List.of("id", "sent"), ChunkBy.DAY));
        return new Plan(
                        plan.version(),
                        new Spec(
                                new Spec.About(
                                        spec.about().name(),
                                        spec.about().description(),
                                        spec.about().created(),
                                        spec.about().requestedBy(),
                                        "a wrong rate"),
                                spec.target(),
                                spec.scope(),
                                transform,
                                spec.strategy(),
                                spec.execution(),
                                new Spec.Rollback(
                                        spec.rollback().keepImages(),
                                        new Spec.Backup(
                                                "s3://backups/",
                                                true,
                                                new Spec.Export(true, "STANDARD_IA", "aws:kms", "key"))),
                                new Spec.Server(8, 200L << 30),
                                new Monitoring(
                                        "${env:A}",
                                        new UpdateFrequency(UpdateFrequency.Unit.TIME, 5, Duration.ofMinutes(5)),
                                        Monitoring.Format.SLACK,
                                        "${env:B}"),
                                pacing(),
                                new Correction(
                                        new Correction.Records(
                                                "fixes.csv", "ab12", 3L, List.of("id"), List.of("id", "tier")),
                                        true,
                                        new Correction.Expected(2, 4)),
                                List.of("orders_region")),
                        spread(plan.access()),
                        plan.session(),
                        calling(plan.sql(), new BatchSql.Call("CREATE x", "orders", "id > 1")),
                        List.of(new PlannedChunk(
                                chunk.id(), chunk.start(), chunk.end(), extent, chunk.estimatedRows())),
                        plan.notes(),
                        plan.fingerprint(),
                        "",
                        plan.forecast(),
                        plan.explain(),
                        plan.lineage(),
                        8L)
                .hashed();
    }

    private static BatchSql calling(BatchSql sql, BatchSql.Call call) {
        return new BatchSql(
                sql.boundary(),
                sql.capture(),
                sql.write(),
                sql.repeatableRead(),
                sql.images(),
                sql.undoIndex(),
                sql.undoBoundary(),
                sql.undoWrite(),
                sql.undoConflicts(),
                sql.undoOverwrite(),
                call,
                null,
                "LOCK TABLE orders");
    }

    /** A plan whose every text is odd; each optional part may be missing. */
    private static Plan.Access spread(Plan.Access of) {
        return new Plan.Access(of.index(), of.keyset(), of.key(), of.rowBytes(), true);
    }

    static Plan odd(Random random) {
        return new Plans(random).plan();
    }

    private Plan plan() {
        return new Plan(
                        1,
                        spec(),
                        new Plan.Access(text(), texts(), texts(), random.nextInt(1000), random.nextBoolean()),
                        map(),
                        new BatchSql(
                                text(),
                                maybe(this::text),
                                text(),
                                random.nextBoolean(),
                                maybe(this::text),
                                maybe(this::text),
                                maybe(this::text),
                                maybe(this::text),
                                maybe(this::text),
                                maybe(this::text),
                                maybe(() -> new BatchSql.Call(text(), text(), text(), maybe(this::text))),
                                maybe(() -> new BatchSql.Given(text(), text(), texts(), text())),
                                maybe(this::text)),
                        chunks(),
                        any(),
                        any(),
                        "",
                        maybe(this::forecast),
                        map(),
                        maybe(this::oddLineage),
                        null)
                .hashed();
    }

    private Lineage oddLineage() {
        var values = new LinkedHashMap<String, Reads>();
        for (int i = random.nextInt(3); i > 0; i--) {
            values.put(label(), reads());
        }
        return new Lineage(values, reads(), random.nextBoolean() ? Reads.NOTHING : reads());
    }

    private Reads reads() {
        return Reads.of(new TableName(label(), label()), random.nextBoolean() ? List.of() : List.of(label(), label()));
    }

    private Forecast forecast() {
        return new Forecast(
                number(),
                maybe(this::text),
                number(),
                band(),
                band(),
                number(),
                number(),
                number(),
                number(),
                number());
    }

    private Forecast.Band band() {
        long low = number();
        return new Forecast.Band(low, low + number());
    }

    private long number() {
        return random.nextLong(1L << 50);
    }

    private Spec spec() {
        return new Spec(
                new Spec.About(label(), maybe(this::text), maybe(this::text), maybe(this::text)),
                maybe(() ->
                        new Spec.Target("postgresql://app@db/" + label(), maybe(this::text), maybe(() -> "${env:A}"))),
                new Spec.Scope(
                        new TableName(maybe(this::label), label()),
                        maybe(this::label),
                        moment(1990),
                        moment(2030),
                        ZoneId.of("Africa/Cairo"),
                        maybe(this::text),
                        maybe(() -> random.nextLong(1_000_000)),
                        maybe(this::text)),
                maybe(this::transform),
                new Spec.Strategy(
                        "incremental",
                        ChunkBy.values()[random.nextInt(8)],
                        maybe(() -> 1 + random.nextLong(1_000_000)),
                        1 + random.nextInt(64),
                        random.nextBoolean(),
                        random.nextInt(101)),
                new Spec.Execution(
                        List.of(Check.of(CheckKind.PERMISSIONS), own("a " + label())),
                        List.of(),
                        List.of(Check.of(CheckKind.ALL_CHUNKS_SUCCEEDED), own("b " + label()))),
                rollback(),
                new Spec.Server(maybe(() -> 1 + random.nextInt(64)), maybe(this::number)),
                random.nextBoolean() ? Monitoring.NONE : monitoring(),
                random.nextBoolean() ? Pacing.USUAL : oddPacing());
    }

    /** The same plan, of a correction. */
    static Plan correcting(Plan plan, Correction correction) {
        Spec spec = plan.spec();
        var strategy = new Spec.Strategy(Correction.TYPE, ChunkBy.KEY, null, 2, false, 10);
        var scope = spec.scope();
        return new Plan(
                        plan.version(),
                        new Spec(
                                new Spec.About(spec.about().name(), null, null, null, "a wrong: rate\nof March"),
                                spec.target(),
                                scope,
                                spec.transform(),
                                strategy,
                                spec.execution(),
                                spec.rollback(),
                                spec.server(),
                                spec.monitoring(),
                                spec.pacing(),
                                correction,
                                List.of("orders_region", "odd: name")),
                        plan.access(),
                        plan.session(),
                        plan.sql(),
                        plan.chunks(),
                        plan.notes(),
                        plan.fingerprint(),
                        "")
                .hashed();
    }

    private Spec.Rollback rollback() {
        if (random.nextInt(3) > 0) {
            return new Spec.Rollback(
                    random.nextBoolean(), maybe(() -> new Spec.Backup("/" + label(), random.nextBoolean())));
        }
        String encryption = maybe(() -> "aws:kms");
        var export = new Spec.Export(
                random.nextBoolean(),
                maybe(() -> "STANDARD_IA"),
                encryption,
                encryption == null ? null : maybe(() -> "key-" + random.nextInt(100)));
        return new Spec.Rollback(true, new Spec.Backup("s3://bucket/" + random.nextInt(100) + "/", false, export));
    }

    private Monitoring monitoring() {
        return new Monitoring(
                "${env:" + random.nextInt(100) + "}",
                random.nextBoolean() ? UpdateFrequency.PER_CHUNK : UpdateFrequency.DEFAULT,
                maybe(() -> Monitoring.Format.values()[random.nextInt(3)]),
                maybe(() -> "${file:/run/secret}"));
    }

    private Pacing oddPacing() {
        var limits = new EnumMap<SignalName, Double>(SignalName.class);
        for (SignalName name : SignalName.values()) {
            if (name != SignalName.PROBE && random.nextInt(3) == 0) {
                limits.put(name, random.nextInt(4) == 0 ? SignalName.OFF : 1 + random.nextInt(5_000) / 10.0);
            }
        }
        double limit = 1 + random.nextInt(5_000) / 100.0;
        boolean timed = random.nextBoolean();
        return new Pacing(
                maybe(() -> Policy.values()[random.nextInt(3)]),
                new Pacing.Throttle(
                        limits,
                        maybe(() -> new Pacing.Probe(text(), timed ? limit : null, timed ? null : limit)),
                        random.nextBoolean() ? List.of() : List.of(label(), "on"),
                        maybe(random::nextBoolean)),
                maybe(() -> WorkHours.parse("22:00-06:30 Europe/Stockholm")),
                maybe(() -> new Deadline(moment(2030), ZoneId.of("Europe/Berlin"))),
                maybe(() -> 1 + random.nextInt(49) / 4.0));
    }

    private static Pacing pacing() {
        return new Pacing(
                Policy.BALANCED,
                new Pacing.Throttle(
                        Map.of(SignalName.REPLICA_LAG, 10.0),
                        new Pacing.Probe("SELECT 1", 300.0, 2.0),
                        List.of("replica_1"),
                        true),
                WorkHours.parse("22:00-06:00 Europe/Stockholm"),
                new Deadline(LocalDateTime.of(2026, 12, 1, 6, 0), ZoneId.of("Europe/Stockholm")),
                1.0);
    }

    private Check own(String name) {
        return new Check(name, CheckKind.SQL, null, Map.of("query", "SELECT 1", "expect", text()));
    }

    private Spec.Transform transform() {
        var set = new LinkedHashMap<String, String>();
        set.put("tier", text());
        set.put(label(), text());
        if (random.nextInt(3) == 0) {
            if (random.nextBoolean()) {
                var rows = new Spec.Rows(
                        List.of("n", label()), maybe(() -> "sha256:" + String.format("%064x", random.nextLong())));
                return Spec.Transform.calling(Spec.Function.of(label(), rows), List.copyOf(set.keySet()), Map.of());
            }
            var per = Spec.Function.Per.values()[random.nextInt(2)];
            return Spec.Transform.calling(new Spec.Function(label(), per), List.copyOf(set.keySet()), Map.of());
        }
        boolean join = random.nextBoolean();
        String missing = set.keySet().iterator().next();
        return new Spec.Transform(
                set,
                join ? text() : null,
                join ? text() : null,
                random.nextBoolean() ? Map.of(missing, text()) : Map.of());
    }

    private List<PlannedChunk> chunks() {
        var chunks = new ArrayList<PlannedChunk>();
        for (int i = random.nextInt(5); i > 0; i--) {
            boolean dated = random.nextBoolean();
            var extent = new ChunkExtent(
                    maybe(() -> new ChunkRange("2023-01-01 00:00:00+00", text())),
                    new KeyRange(maybe(this::key), maybe(this::key)),
                    maybe(() -> new TableName(maybe(this::label), label())));
            chunks.add(new PlannedChunk(
                    label(),
                    dated ? moment(2001) : null,
                    dated ? moment(2002) : null,
                    extent,
                    random.nextLong(1_000_000)));
        }
        return chunks;
    }

    private Key key() {
        return new Key(List.of(text(), anything()));
    }

    private LocalDateTime moment(int year) {
        LocalDateTime day = LocalDateTime.of(year, 2, 3, 0, 0);
        return random.nextBoolean() ? day : day.plusNanos(random.nextLong(86_400_000_000L) * 1000);
    }

    private String text() {
        String text = anything();
        return text.isBlank() ? "x" + text : text;
    }

    private String label() {
        String label = text().replaceAll("[\\x00-\\x1f\\x7f-\\x9f]", "_");
        return label.isBlank() ? "x" : label;
    }

    private String anything() {
        if (random.nextInt(10) == 0) {
            return random.ints(20, 0x20, 0x1FFFF)
                    .filter(c -> c < 0xD800 || c > 0xDFFF)
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    .toString();
        }
        return ODD.get(random.nextInt(ODD.size()));
    }

    private List<String> texts() {
        return List.of(text(), text());
    }

    private List<String> any() {
        return random.nextBoolean() ? List.of() : List.of(anything(), "", anything());
    }

    private Map<String, String> map() {
        var map = new LinkedHashMap<String, String>();
        for (int i = random.nextInt(4); i > 0; i--) {
            map.put(anything(), anything());
        }
        return map;
    }

    private <T> @Nullable T maybe(Supplier<T> value) {
        return random.nextInt(3) == 0 ? null : value.get();
    }
}
