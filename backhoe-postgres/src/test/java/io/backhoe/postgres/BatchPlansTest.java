package io.backhoe.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.backhoe.database.BatchShape;
import io.backhoe.database.BatchSql;
import io.backhoe.database.ColumnFacts;
import io.backhoe.database.Database;
import io.backhoe.database.Session;
import io.backhoe.database.TableFacts;
import io.backhoe.embedded.PostgresServer;
import io.backhoe.embedded.Version;
import io.backhoe.value.TableName;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A batch must read its own rows and no others, wherever in the chunk it stands. */
@ParameterizedClass
@EnumSource(Version.class)
class BatchPlansTest {
    private static final Pattern BUFFERS = Pattern.compile("Buffers: shared ([a-z0-9 =]+)");
    private static final Pattern EXPECTED = Pattern.compile("Scan using w_ts\\w* on w +\\(cost=\\S+ rows=(\\d+)");
    private static final Pattern PAGES = Pattern.compile("(?:hit|read)=([0-9]+)");

    private static @Nullable PostgresServer server;

    @Parameter
    Version version = Version.CURRENT;

    private final Database database = PostgresDatabase.at(running().url("postgres"), null, null, Map.of());
    private final Session session = database.open("backhoe/test", Map.of());

    @BeforeParameterizedClassInvocation
    static void load(Version version) {
        server = PostgresServer.start(version);
        Database database = PostgresDatabase.at(running().url("postgres"), null, null, Map.of());
        try (Session session = database.open("backhoe/test", Map.of())) {
            session.execute("""
                    CREATE TABLE t (
                        id bigint PRIMARY KEY, d date NOT NULL, ts timestamptz NOT NULL, u uuid NOT NULL UNIQUE,
                        name text COLLATE "en-x-icu" NOT NULL UNIQUE, pad text, v text);
                    INSERT INTO t
                    SELECT g, date '2023-01-01' + g / 1000, timestamptz '2023-01-01' + g * interval '1 minute',
                           CAST(md5(CAST(g AS text)) AS uuid), md5(CAST(g AS text)) || g, repeat('x', 40), NULL
                    FROM generate_series(1, 200000) g;
                    CREATE INDEX t_d_id ON t (d, id);
                    CREATE INDEX t_ts ON t (ts);
                    CREATE INDEX t_ts_u ON t (ts, u);
                    -- Written to, so that the pages of t stay all-visible.
                    CREATE TABLE w (LIKE t INCLUDING ALL);
                    INSERT INTO w SELECT * FROM t;
                    CREATE TABLE lookup (id bigint PRIMARY KEY, v text);
                    INSERT INTO lookup SELECT g, 'v' || g FROM generate_series(1, 200000) g;
                    """);
            session.execute("VACUUM ANALYZE t, w, lookup");
        }
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        running().close();
    }

    private static PostgresServer running() {
        if (server == null) {
            throw new IllegalStateException("not started");
        }
        return server;
    }

    @BeforeEach
    void begin() {
        session.begin(Session.Isolation.READ_COMMITTED);
    }

    @AfterEach
    void close() {
        session.close();
    }

    /** What a policy without rests pays for those that rest is nothing. */
    @Test
    void theClockIsLookedAtOnlyWhereABatchRests() {
        BatchSql sql = sql("w", "d", "d", "id");
        var january = List.of("2023-01-01", "2023-01-02");

        assertThat(plan(sql.write(), january, List.of(), List.of(), BatchSql.WITHOUT_RESTS))
                .doesNotContain("clock_timestamp");
        assertThat(plan(
                        sql.write(),
                        january,
                        List.of(),
                        List.of(),
                        Map.of(BatchSql.SLICE_PERIOD, "1000", BatchSql.SLICE_WORK, "1000", BatchSql.SLICE_OFFSET, "0")))
                .contains("clock_timestamp");
    }

    private BatchSql sql(String name, String chunkColumn, String... keyset) {
        return sql(false, name, chunkColumn, keyset);
    }

    private BatchSql sql(boolean spread, String name, String chunkColumn, String... keyset) {
        TableFacts table = database.table(session, TableName.parse(name));
        var shape = new BatchShape(
                table.name(),
                BatchShape.Chunks.DATES,
                table.column(chunkColumn).orElseThrow(),
                Stream.of(keyset).map(c -> table.column(c).orElseThrow()).toList(),
                List.<ColumnFacts>of(table.column("id").orElseThrow()),
                Map.of("v", "l.v"),
                "lookup l",
                "l.id = " + name + ".id",
                null,
                true,
                Map.of(),
                true,
                false,
                null,
                null,
                spread);
        session.execute("CREATE SCHEMA backhoe");
        BatchSql sql = database.sql(database.server(session), table, shape);
        session.execute(String.valueOf(sql.images()).replace(BatchSql.RUN, "1"));
        return sql;
    }

    private String plan(String sql, List<String> chunk, List<String> after, List<String> upTo) {
        return plan(sql, chunk, after, upTo, BatchSql.WITHOUT_RESTS);
    }

    private String plan(
            String sql, List<String> chunk, List<String> after, List<String> upTo, Map<String, String> slices) {
        return explain("BUFFERS, COSTS OFF, TIMING OFF", sql, chunk, after, upTo, slices);
    }

    private String explain(String options, String sql, List<String> chunk, List<String> after, List<String> upTo) {
        return explain(options, sql, chunk, after, upTo, BatchSql.WITHOUT_RESTS);
    }

    private String explain(
            String options,
            String sql,
            List<String> chunk,
            List<String> after,
            List<String> upTo,
            Map<String, String> slices) {
        var values = new HashMap<String, @Nullable String>();
        values.put("chunk", "1");
        values.put("chunk_start", chunk.get(0));
        values.put("chunk_end", chunk.get(1));
        values.put("batch_rows", "2000");
        values.putAll(slices);
        for (int i = 0; i < 2; i++) {
            values.put("after_" + (i + 1), i < after.size() ? after.get(i) : null);
            values.put("upto_" + (i + 1), i < upTo.size() ? upTo.get(i) : null);
        }
        return session.query("EXPLAIN (ANALYZE, " + options + ") " + sql.replace(BatchSql.RUN, "1"), values).stream()
                .map(row -> row.required(0))
                .collect(Collectors.joining("\n"));
    }

    /** Pages that the whole statement touched; the first line that counts them counts all. */
    private static long pages(String plan) {
        var buffers = BUFFERS.matcher(plan);
        assertThat(buffers.find()).isTrue();
        return PAGES.matcher(buffers.group(1))
                .results()
                .mapToLong(m -> Long.parseLong(m.group(1)))
                .sum();
    }

    private List<String> keyAt(String columns, String order, int place) {
        return session
                .query("SELECT " + columns + " FROM t ORDER BY " + order + " LIMIT 1 OFFSET " + place, Map.of())
                .get(0)
                .values()
                .stream()
                .map(String::valueOf)
                .toList();
    }

    /** First, middle and last batch of a chunk that is the whole table. */
    @ParameterizedTest
    @ValueSource(ints = {-1, 99_999, 197_999})
    void boundaryReadsTheNextEntriesOfTheIndexAndNothingElse(int after) {
        for (String[] walk : new String[][] {
            {"d", "d, id", "t_d_id", "2000-01-01", "2100-01-01"},
            {"ts", "ts, u", "t_ts_u", "2000-01-01", "2100-01-01"},
            {"id", "id", "t_pkey", "-1", "1000000"},
            {"u", "u", "t_u_key", "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff"},
            {"name", "name", "t_name_key", "", "zzzz"},
        }) {
            session.rollback();
            session.begin(Session.Isolation.READ_COMMITTED);
            String[] keyset = walk[1].split(", ");
            String boundary = sql("t", walk[0], keyset).boundary();
            List<String> from = after < 0 ? List.of() : keyAt(walk[1], walk[1], after);

            String plan = plan(boundary, List.of(walk[3], walk[4]), from, List.of());

            assertThat(plan)
                    .contains("Index Only Scan using " + walk[2])
                    .contains("rows=200")
                    .contains("One-Time Filter")
                    .contains("(never executed)")
                    .doesNotContain(" Filter: (t.")
                    .doesNotContain(" Sort Key: t.");
            assertThat(pages(plan)).as(plan).isLessThan(70);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 100_000, 198_000})
    void writeReachesItsRowsThroughTheIndex(int from) {
        String write = sql("w", "d", "d", "id").write();
        List<String> after = from == 0 ? List.of() : keyAt("d, id", "d, id", from - 1);
        List<String> upTo = keyAt("d, id", "d, id", from + 999);

        String plan = plan(write, List.of("2000-01-01", "2100-01-01"), after, upTo);

        assertThat(plan).contains("Scan using w_d_id_idx on w").doesNotContain("Seq Scan on w");
        assertThat(plan).contains("Update on w (actual rows=1000");
        assertThat(plan.replaceAll("ROW\\(", "(")).doesNotContain("IS NULL OR").contains("(d, id) <= ('" + upTo.get(0));
    }

    /** Comparisons of rows make it expect a part of a part: 25 of 1,000 rows in the middle of the table. */
    @Test
    void theServerExpectsAsManyRowsAsThereAreWhereFewShareADate() {
        List<String> after = keyAt("ts, u", "ts, u", 99_999);
        List<String> upTo = keyAt("ts, u", "ts, u", 100_999);
        String write = sql(true, "w", "ts", "ts", "u").write();

        String plan = explain("COSTS ON, TIMING OFF", write, List.of("2000-01-01", "2100-01-01"), after, upTo);

        assertThat(plan)
                .contains("actual rows=1000")
                .doesNotContain("ROW(")
                .doesNotContain("IS NULL OR")
                .doesNotContain("IS DISTINCT FROM");
        var expected = EXPECTED.matcher(plan);
        assertThat(expected.find()).as(plan).isTrue();
        assertThat(Integer.parseInt(expected.group(1))).as(plan).isBetween(500, 2000);
    }

    /** However many it shares that date with. */
    @Test
    void aBatchWithinOneDateReadsItsOwnRowsAlone() {
        List<String> after = keyAt("d, id", "d, id", 100_500);
        List<String> upTo = keyAt("d, id", "d, id", 100_600);
        assertThat(after.get(0)).isEqualTo(upTo.get(0));

        String plan = plan(sql(true, "w", "d", "d", "id").write(), List.of("2000-01-01", "2100-01-01"), after, upTo);

        assertThat(plan).contains("Update on w (actual rows=100").contains("ROW(d, id) >");
        assertThat(plan).doesNotContain("Rows Removed by Filter");
    }

    @Test
    void statisticsTellHowManyRowsShareAValue() {
        session.execute("""
                CREATE TABLE s (id bigint PRIMARY KEY, d date, few date, never date);
                INSERT INTO s SELECT g, CASE WHEN g % 2 = 0 THEN date '2023-01-01' ELSE date '2023-01-02' + g / 10 END,
                                     date '2023-01-01' + g / 10, NULL
                FROM generate_series(1, 20000) g""");
        assertThat(database.mostOfOneValue(session, table("s"), "d")).isEqualTo(-1);
        session.execute("ANALYZE s");

        assertThat(database.mostOfOneValue(session, table("s"), "d")).isBetween(9_000L, 11_000L);
        assertThat(database.mostOfOneValue(session, table("s"), "id")).isEqualTo(1);
        assertThat(database.mostOfOneValue(session, table("s"), "few")).isBetween(5L, 100L);
        assertThat(database.mostOfOneValue(session, table("s"), "never")).isEqualTo(20_000);
        assertThat(database.mostOfOneValue(session, table("t"), "d")).isBetween(800L, 1_500L);
    }

    private TableFacts table(String name) {
        return database.table(session, TableName.parse(name));
    }

    @Test
    void anIndexWithoutTheKeySortsOnlyWhatTies() {
        session.execute("DROP INDEX t_ts_u");
        String boundary = sql("t", "ts", "ts", "id").boundary();
        List<String> middle = keyAt("ts, id", "ts, id", 100_000);

        String plan = plan(boundary, List.of("2000-01-01", "2100-01-01"), middle, List.of());

        assertThat(plan)
                .contains("Incremental Sort")
                .contains("Presorted Key: t.ts")
                .contains("Index Scan using t_ts on t");
        // A row may cost a page, but the other 100,000 rows of the chunk cost none.
        assertThat(pages(plan)).as(plan).isLessThan(4000);
    }
}
