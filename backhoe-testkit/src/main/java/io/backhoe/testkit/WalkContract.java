package io.backhoe.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Walking keys of every kind, there and back. */
public interface WalkContract extends ContractDatabase {
    /** Each type's values are made so that ties, case and code points would show a wrong order. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "uuid; CAST(md5(CAST(g AS text)) AS uuid)",
                "bigint; g * 7919 % 10007",
                "numeric(12,3); g / 3.0",
                "timestamptz; timestamptz '2023-03-26 00:30+00' + g * interval '7 minutes 0.000001 seconds'",
                "timestamp; timestamp '2023-01-01' + g * interval '0.5 seconds'",
                "text; substr('aAbBäÄßzZ_-', 1 + g % 11, 1) || ' ' || g",
                "character(12); substr('aAbBzZ', 1 + g % 6, 1) || g",
                "bytea; decode(md5(CAST(g AS text)), 'hex')",
                "double precision; g / 7.0",
                "inet; inet '10.0.0.0' + g",
            })
    default void walksAKeyOfAnyTypeOverEachRowOnce(String type, String value) {
        try (var scratch = Scratch.in(database())) {
            String collation = type.equals("text") ? " COLLATE " + linguisticCollation() : "";
            scratch.execute(
                    "CREATE TABLE t (k " + type + collation + " PRIMARY KEY, n integer NOT NULL DEFAULT 0)",
                    "INSERT INTO t SELECT " + value + " FROM generate_series(1, 500) g");
            var draft = scratch.shape("t").set("n", "n + 1").overwriting();
            List<String> ends = scratch.lines(
                    "SELECT (SELECT k FROM t ORDER BY k LIMIT 1)," + " (SELECT k FROM t ORDER BY k DESC LIMIT 1)");
            String[] range = ends.get(0).split("\\|");
            var walk = new Walk(scratch.sql(draft), scratch.run())
                    .makeImages(scratch.session())
                    .chunk(1, range[0], range[1]);

            var result = walk.forward(scratch.session(), 7);

            // The range's end is the last key, which is outside of it.
            assertThat(result.examined()).isEqualTo(499);
            assertThat(result.changed()).isEqualTo(499);
            assertThat(scratch.lines("SELECT n, count(*) FROM t GROUP BY n ORDER BY n"))
                    .containsExactly("0|1", "1|499");
            assertThat(walk.back(scratch.session(), 13).changed()).isEqualTo(499);
            assertThat(scratch.lines("SELECT n, count(*) FROM t GROUP BY n")).containsExactly("0|500");
        }
    }

    @Test
    default void walksACompositeKeyOfMixedTypes() {
        try (var scratch = Scratch.in(database())) {
            scratch.execute(
                    "CREATE TYPE region AS ENUM ('west', 'east', 'Süd')",
                    "CREATE TABLE t (name text COLLATE " + linguisticCollation()
                            + ", r region, at date NOT NULL, v integer, PRIMARY KEY (r, name))",
                    """
                    INSERT INTO t
                    SELECT substr('aAbBzZ', 1 + g % 6, 1) || g / 3,
                           (ARRAY['west', 'east', 'Süd'])[1 + g % 3]::region, date '2023-01-01' + g / 100, 0
                    FROM generate_series(1, 600) g
                    """);
            for (String[] keyset : new String[][] {{"r", "name"}, {"at", "r", "name"}}) {
                var draft = scratch.shape("t")
                        .chunks("at", keyset)
                        .set("v", "v + 1")
                        .overwriting()
                        .withoutImages();
                var result = new Walk(scratch.sql(draft), scratch.run())
                        .chunk(1, "2023-01-01", "2023-01-05")
                        .forward(scratch.session(), 11);

                assertThat(result.examined()).isEqualTo(399);
                assertThat(result.changed()).isEqualTo(399);
            }
            assertThat(scratch.lines("SELECT v, count(*) FROM t GROUP BY v ORDER BY v"))
                    .containsExactly("0|201", "2|399");
        }
    }

    @Test
    default void quotesNamesThatNeedIt() {
        try (var scratch = Scratch.in(database())
                .execute(
                        "CREATE TABLE \"Order\" (\"Größe\" integer, \"select\" date, \"a\"\"b:c\" text, \"?\" text,"
                                + " PRIMARY KEY (\"Größe\"))",
                        "INSERT INTO \"Order\" SELECT g, '2023-01-01', NULL, NULL FROM generate_series(1, 20) g")) {
            var draft = scratch.shape("\"Order\"")
                    .chunks("select", "select", "Größe")
                    .set("a\"b:c", "'x' || \"Order\".\"Größe\"")
                    .set("?", "'?'");
            database().verify(scratch.session(), draft.table(), draft.shape());
            var walk = new Walk(scratch.sql(draft), scratch.run())
                    .makeImages(scratch.session())
                    .chunk(1, "2023-01-01", "2023-01-02");

            assertThat(walk.forward(scratch.session(), 6).changed()).isEqualTo(20);
            assertThat(walk.back(scratch.session(), 6).changed()).isEqualTo(20);
        }
    }
}
