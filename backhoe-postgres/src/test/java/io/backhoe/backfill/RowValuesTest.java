package io.backhoe.backfill;

import static io.backhoe.backfill.TestDatabase.OPTIONS;
import static org.assertj.core.api.Assertions.assertThat;

import io.backhoe.run.RunListener;
import io.backhoe.run.StopSignal;
import io.backhoe.spec.BackfillSpec;
import io.backhoe.spec.ChunkBy;
import io.backhoe.transform.InputRow;
import io.backhoe.transform.RowResult;
import io.backhoe.transform.RowTransform;
import io.backhoe.value.RunState;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Values that go to a row function and come back are those that were there, to the byte. */
class RowValuesTest {
    private static final Map<String, String> TYPES = new TreeMap<>(Map.ofEntries(
            Map.entry("a_int", "integer"),
            Map.entry("b_big", "bigint"),
            Map.entry("c_num", "numeric"),
            Map.entry("d_real", "real"),
            Map.entry("e_double", "double precision"),
            Map.entry("f_bool", "boolean"),
            Map.entry("g_date", "date"),
            Map.entry("h_stamp", "timestamp"),
            Map.entry("i_stamptz", "timestamptz"),
            Map.entry("j_time", "time"),
            Map.entry("k_uuid", "uuid"),
            Map.entry("l_bytes", "bytea"),
            Map.entry("m_json", "json"),
            Map.entry("n_text", "text"),
            Map.entry("o_array", "text[]"),
            Map.entry("p_domain", "positive"),
            Map.entry("q_mood", "mood"),
            Map.entry("r_interval", "interval")));

    /** Gives back what it is given, and remembers the rows. */
    private static final class Echo implements RowTransform {
        private final Map<Long, InputRow> seen = new ConcurrentSkipListMap<>();

        @Override
        public String name() {
            return "echo";
        }

        @Override
        public List<RowResult> apply(List<InputRow> rows) {
            var results = new ArrayList<RowResult>();
            for (InputRow row : rows) {
                seen.put((Long) row.key().get("id"), row);
                var result = RowResult.leave();
                for (var value : row.values().entrySet()) {
                    result = result.and("to_" + value.getKey(), value.getValue());
                }
                results.add(result);
            }
            return results;
        }

        Object value(long id, String column) {
            return Objects.requireNonNull(Objects.requireNonNull(seen.get(id)).get(column));
        }
    }

    @Test
    void eachTypeHasItsJavaTypeAndComesBackAsItWas() throws Exception {
        try (var db = TestDatabase.create()) {
            db.sql("CREATE DOMAIN positive AS integer CHECK (VALUE > 0)");
            db.sql("CREATE TYPE mood AS ENUM ('so so', 'well')");
            db.sql("CREATE TABLE t (id bigint PRIMARY KEY, "
                    + TYPES.entrySet().stream()
                            .map(e -> e.getKey() + " " + e.getValue() + ", to_" + e.getKey() + " " + e.getValue())
                            .collect(Collectors.joining(", "))
                    + ")");
            String columns = String.join(", ", TYPES.keySet());
            db.sql("INSERT INTO t (id, " + columns
                    + ") VALUES (1, -7, 9007199254740993, 12345678901234567890.1230, 1.1,"
                    + " 0.1, true, '2023-01-31', '2023-01-31 06:00:00.5', '2023-07-31 06:00:00.000001+00', '06:07:08.9',"
                    + " 'f81d4fae-7dec-11d0-a765-00a0c91e6bf6', '\\x00ff5c', '{\"a\":  1}', E'tab\\t nl\\n back\\\\ \\\\N .',"
                    + " ARRAY['x', NULL, 'a\"b'], 5, 'so so', '1 mon 2 days')");
            db.sql(
                    "INSERT INTO t (id, c_num, d_real, e_double, f_bool, g_date, h_stamp, i_stamptz, j_time, l_bytes, n_text)"
                            + " VALUES (2, 'NaN', 'infinity', '-infinity', false, 'infinity', '-infinity', 'infinity', '24:00', '',"
                            + " ''), (3, 1e-20, 1e20, 5e-324, NULL, '0044-03-15 BC', '0044-03-15 12:00 BC', '0044-03-15 BC',"
                            + " '00:00', NULL, '\\N'), (4, 1, 1, 1, true, '12345-06-07', '12345-06-07 01:02:03',"
                            + " '1850-01-01 12:00+00', '23:59:59.999999', '\\x', '\\.')");
            db.sql("ANALYZE t");
            var echo = new Echo();
            var backhoe = db.backhoe().withRowTransform(echo);
            var plan = backhoe.plan(BackfillSpec.named("echo")
                    .table("t")
                    .timezone(ZoneId.of("Europe/Berlin"))
                    .chunkBy(ChunkBy.KEY)
                    .preserveExisting(false)
                    .rowTransform(
                            "echo",
                            List.copyOf(TYPES.keySet()),
                            TYPES.keySet().stream().map(c -> "to_" + c).toArray(String[]::new))
                    .build());

            var report = backhoe.run(plan, OPTIONS, new StopSignal(), RunListener.NONE);

            assertThat(report.run().state())
                    .as(db.one("SELECT string_agg(message, ' ') FROM backhoe.quarantine"))
                    .isEqualTo(RunState.SUCCEEDED);
            assertThat(report.changed()).isEqualTo(4);
            for (String column : TYPES.keySet()) {
                assertThat(db.number("SELECT count(*) FROM t WHERE CAST(" + column
                                + " AS text) IS DISTINCT FROM CAST(to_" + column + " AS text)"))
                        .as(column)
                        .isZero();
            }
            hasTypes(echo);
        }
    }

    private static void hasTypes(Echo echo) {
        assertThat(echo.value(1, "a_int")).isEqualTo(-7);
        assertThat(echo.value(1, "b_big")).isEqualTo(9007199254740993L);
        assertThat(echo.value(1, "c_num")).isEqualTo(new BigDecimal("12345678901234567890.1230"));
        assertThat(echo.value(1, "d_real")).isEqualTo(1.1f);
        assertThat(echo.value(1, "e_double")).isEqualTo(0.1);
        assertThat(echo.value(1, "f_bool")).isEqualTo(true);
        assertThat(echo.value(1, "g_date")).isEqualTo(LocalDate.of(2023, 1, 31));
        assertThat(echo.value(1, "h_stamp")).isEqualTo(LocalDateTime.of(2023, 1, 31, 6, 0, 0, 500_000_000));
        assertThat(echo.value(1, "i_stamptz")).isEqualTo(OffsetDateTime.parse("2023-07-31T08:00:00.000001+02:00"));
        assertThat(echo.value(1, "j_time")).isEqualTo(LocalTime.parse("06:07:08.9"));
        assertThat(echo.value(1, "k_uuid")).isEqualTo(UUID.fromString("f81d4fae-7dec-11d0-a765-00a0c91e6bf6"));
        assertThat(echo.value(1, "l_bytes")).isEqualTo(new byte[] {0, -1, 0x5c});
        assertThat(echo.value(1, "m_json")).isEqualTo("{\"a\":  1}");
        assertThat(echo.value(1, "p_domain")).isEqualTo(5);
        assertThat(echo.value(1, "q_mood")).isEqualTo("so so");
        assertThat(echo.value(2, "c_num")).isEqualTo(Double.NaN);
        assertThat(echo.value(2, "g_date")).isEqualTo(LocalDate.MAX);
        assertThat(echo.value(2, "h_stamp")).isEqualTo(LocalDateTime.MIN);
        assertThat(echo.value(2, "i_stamptz")).isEqualTo(OffsetDateTime.MAX);
        assertThat(echo.value(2, "j_time")).isEqualTo(LocalTime.MAX);
        assertThat(echo.value(3, "g_date")).isEqualTo(LocalDate.of(-43, 3, 15));
        assertThat(echo.value(4, "g_date")).isEqualTo(LocalDate.of(12_345, 6, 7));
    }
}
