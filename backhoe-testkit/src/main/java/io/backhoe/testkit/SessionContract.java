package io.backhoe.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backhoe.database.DatabaseException;
import io.backhoe.database.ErrorKind;
import io.backhoe.database.Session;
import io.backhoe.database.Session.Isolation;
import io.backhoe.value.BackhoeException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Text in and out, parameters, transactions, settings. */
public interface SessionContract extends ContractDatabase {
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '\u0001',
            value = {
                "boolean; true",
                "smallint; -32768",
                "bigint; 9223372036854775807",
                "numeric; 1.00",
                "numeric; NaN",
                "numeric; 123456789012345678901234567890.12345678901234567890",
                "numeric(10,2); -0.10",
                "real; 0.1",
                "double precision; 0.30000000000000004",
                "double precision; -Infinity",
                "text; it's \"quoted\" :a $1 ? \\ äöü \uD83D\uDE9C",
                "character varying(20); ab",
                "character(5); ab",
                "bytea; \\x00ff5c27",
                "date; 0044-03-15 BC",
                "date; infinity",
                "time; 23:59:59.999999",
                "time with time zone; 12:00:00+05:30",
                "timestamp; 2023-03-26 02:30:00.000001",
                "timestamp with time zone; 2023-03-26 01:30:00.123456+00",
                "timestamp with time zone; -infinity",
                "interval; 1 year 2 mons -3 days +04:05:06.789",
                "uuid; a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
                "json; {\"a\": 1.0,  \"a\":2}",
                "jsonb; {\"a\": 1.0, \"b\": \"it's\"}",
                "xml; <a>b</a>",
                "inet; 192.168.0.0/24",
                "bit(4); 0101",
                "integer[]; {1,NULL,3}",
                "text[]; {\"a,b\",\"c\\\"d\",\"\"}",
                "int4range; [1,10)",
                "point; (1.5,-2)",
                "money; $1,234.50",
            })
    default void returnsAValueInTheServersTextAndTakesThatBack(String type, String value) {
        try (var scratch = Scratch.in(database())) {
            Session session = scratch.session();
            session.execute("CREATE TABLE t (v " + type + ")");
            session.update("INSERT INTO t VALUES (CAST(:v AS " + type + "))", Map.of("v", value));

            String text = scratch.one("SELECT v FROM t");
            session.update("INSERT INTO t VALUES (CAST(:v AS " + type + "))", Map.of("v", text));

            assertThat(scratch.lines("SELECT DISTINCT CAST(v AS text) FROM t")).hasSize(1);
            assertThat(scratch.one("SELECT v FROM t LIMIT 1")).isEqualTo(text);
            assertThat(scratch.one("SELECT count(*) FROM t")).isEqualTo("2");
        }
    }

    @ParameterizedTest
    @CsvSource({"date", "bigint", "boolean", "uuid", "jsonb", "bytea", "text", "timestamptz", "'numeric(10,2)'", "int[]"
    })
    default void takesNullForAnyType(String type) {
        try (var scratch = Scratch.in(database())) {
            Map<String, @Nullable String> none = Collections.singletonMap("v", null);
            var row = scratch.session()
                    .query("SELECT CAST(:v AS " + type + "), CAST(:v AS " + type + ") IS NULL", none)
                    .get(0);

            assertThat(row.text(0)).isNull();
            assertThat(row.yes(1)).isTrue();
        }
    }

    @Test
    default void leavesColonsAndQuestionMarksOfOtherMeaning() {
        try (var scratch = Scratch.in(database())) {
            var row = scratch.session().query("""
                            SELECT CAST('{"k": 1}' AS jsonb) ? 'k', CAST('{"k": 1}' AS jsonb) ?| ARRAY[:a, 'k'],
                                   ':a ?', '5'::text, (ARRAY[1,2,3])[2:3], $$:a$$, :a -- :a ?
                            """, Map.of("a", "x")).get(0);

            assertThat(row.values()).containsExactly("t", "t", ":a ?", "5", "{2,3}", ":a", "x");
        }
    }

    @Test
    default void countsTheRowsThatAStatementWrites() {
        try (var scratch = Scratch.in(database()).execute("CREATE TABLE t (v integer)")) {
            Session session = scratch.session();

            assertThat(session.update("INSERT INTO t SELECT generate_series(1, 7)", Map.of()))
                    .isEqualTo(7);
            assertThat(session.update("UPDATE t SET v = v WHERE v > CAST(:v AS integer)", Map.of("v", "5")))
                    .isEqualTo(2);
            assertThat(session.update("DELETE FROM t WHERE v > 100", Map.of())).isZero();
        }
    }

    @Test
    default void keepsWhatIsCommittedAndNothingElse() {
        try (var scratch = Scratch.in(database()).execute("CREATE TABLE t (v integer)")) {
            Session session = scratch.session();
            session.update("INSERT INTO t VALUES (1)", Map.of());
            session.begin(Isolation.READ_COMMITTED);
            session.update("INSERT INTO t VALUES (2)", Map.of());
            session.commit();
            session.begin(Isolation.READ_COMMITTED);
            session.update("INSERT INTO t VALUES (3)", Map.of());
            session.rollback();
            session.rollback();

            assertThat(scratch.another(Map.of()).query("SELECT v FROM t ORDER BY v", Map.of()))
                    .extracting(row -> row.required(0))
                    .containsExactly("1", "2");
        }
    }

    @Test
    default void seesOneSnapshotWhereOneIsAskedFor() {
        try (var scratch = Scratch.in(database()).execute("CREATE TABLE t (v integer)")) {
            Session other = scratch.another(Map.of());
            for (Isolation isolation : List.of(Isolation.REPEATABLE_READ, Isolation.READ_COMMITTED)) {
                scratch.session().begin(isolation);
                scratch.one("SELECT count(*) FROM t");
                other.update("INSERT INTO t VALUES (1)", Map.of());
                String seen = scratch.one("SELECT count(*) FROM t");
                scratch.session().commit();

                assertThat(seen).isEqualTo(isolation == Isolation.REPEATABLE_READ ? "0" : "2");
            }
        }
    }

    @Test
    default void writesNothingInAReadOnlyTransaction() {
        try (var scratch = Scratch.in(database()).execute("CREATE TABLE t (v integer)")) {
            scratch.session().begin(Isolation.READ_ONLY);

            assertThatThrownBy(() -> scratch.session().update("INSERT INTO t VALUES (1)", Map.of()))
                    .isInstanceOfSatisfying(
                            DatabaseException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.UNKNOWN));
        }
    }

    @Test
    default void doesNotPretendThatAFailedTransactionWasCommitted() {
        try (var scratch = Scratch.in(database()).execute("CREATE TABLE t (v integer)")) {
            Session session = scratch.session();
            session.begin(Isolation.READ_COMMITTED);
            session.update("INSERT INTO t VALUES (1)", Map.of());
            assertThatThrownBy(() -> session.query("SELECT 1 / 0", Map.of())).isInstanceOf(DatabaseException.class);

            assertThatThrownBy(session::commit).isInstanceOf(DatabaseException.class);
            session.rollback();
            assertThat(scratch.one("SELECT count(*) FROM t")).isEqualTo("0");
        }
    }

    @Test
    default void refusesATransactionInsideAnother() {
        try (var scratch = Scratch.in(database())) {
            scratch.session().begin(Isolation.READ_COMMITTED);

            assertThatThrownBy(() -> scratch.session().begin(Isolation.READ_COMMITTED))
                    .isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    default void pinsWhatTextHangsOnWhateverTheServersDefaultsAre() {
        try (var scratch = Scratch.in(database())) {
            Session session = scratch.session();
            String role = scratch.schema() + "_role";
            session.execute("CREATE ROLE " + role);
            try {
                Session pinned = scratch.another(Map.of("lock_timeout", "123ms", "role", role));

                assertThat(pinned.query("""
                                        SELECT current_setting('TimeZone'), current_setting('DateStyle'),
                                               current_setting('row_security'), current_setting('lock_timeout'),
                                               current_user, current_setting('application_name')
                                        """, Map.of()).get(0).values())
                        .containsExactly("UTC", "ISO, YMD", "off", "123ms", role, "backhoe/contract");
            } finally {
                session.execute("DROP ROLE " + role);
            }
        }
    }

    @Test
    default void refusesASettingThatIsNone() {
        try (var scratch = Scratch.in(database())) {
            assertThatThrownBy(() -> scratch.another(Map.of("x', '1', false); --", "1")))
                    .isInstanceOfSatisfying(
                            BackhoeException.class, e -> assertThat(e.code()).isEqualTo("setting_invalid"));
            assertThatThrownBy(() -> scratch.another(Map.of("role", "nobody_of_that_name")))
                    .isInstanceOfSatisfying(
                            BackhoeException.class, e -> assertThat(e.code()).isEqualTo("session_refused"));
        }
    }

    @Test
    default void isKnownToOthersByItsLabelAndProcess() {
        try (var scratch = Scratch.in(database())) {
            Session labelled = scratch.another(Map.of());
            labelled.label("backhoe/7/2023-01 'x'");

            var seen = scratch.session()
                    .query(
                            "SELECT application_name FROM pg_stat_activity WHERE pid = CAST(:pid AS integer)",
                            Map.of("pid", Integer.toString(labelled.processId())));
            assertThat(Objects.requireNonNull(seen.get(0)).required(0)).isEqualTo("backhoe/7/2023-01 'x'");
        }
    }

    @Test
    default void tellsWhatTheServerIs() {
        try (var scratch = Scratch.in(database())) {
            var facts = database().server(scratch.session());

            assertThat(facts.product()).contains(Integer.toString(facts.major()));
            assertThat(facts.database()).isEqualTo(scratch.one("SELECT current_database()"));
            assertThat(facts.user()).isEqualTo(scratch.one("SELECT current_user"));
            assertThat(facts.pooled()).isFalse();
            assertThat(facts.readOnly()).isFalse();
        }
    }
}
