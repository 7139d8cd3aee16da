package io.backhoe.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.backhoe.database.Session.Isolation;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Taking back what a run wrote, and nothing that others wrote since. */
public interface UndoContract extends ContractDatabase {
    private static Walk ran(Scratch scratch, ShapeDraft draft, String start, String end) {
        var walk = new Walk(scratch.sql(draft), scratch.run())
                .makeImages(scratch.session())
                .chunk(1, start, end);
        walk.forward(scratch.session(), 3);
        return walk;
    }

    /** Values that their type holds for equal, and a reader does not; and types without any equality. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '\u0001',
            value = {
                "numeric; 1.00; 1.0",
                "jsonb; {\"a\": 1.00}; {\"a\": 1.0}",
                "json; {\"a\":1, \"a\":2}; {\"a\":  1}",
                "xml; <a/>; <b/>",
                "point; (1,2); (1.0000001,2)",
                "double precision; -0; 0",
                "text; ; NULL-free",
                "bytea; \\x00; \\x0000",
                "interval; 24:00:00; 1 day",
                "character(4); a; b",
                "date; infinity; 2023-01-01",
                "boolean; f; t",
                "integer[]; {}; {1}",
                "tsvector; 'a'; 'a' 'b'",
            })
    default void restoresTheOldValueToTheLastByte(String type, String old, String replacement) {
        try (var scratch = Scratch.in(database()).execute("CREATE TABLE t (id integer PRIMARY KEY, v " + type + ")")) {
            Map<String, String> value = Map.of("v", Objects.requireNonNullElse(old, ""));
            scratch.session()
                    .update("INSERT INTO t SELECT g, CAST(:v AS " + type + ") FROM generate_series(1, 5) g", value);
            scratch.execute("INSERT INTO t VALUES (6, NULL)");
            List<String> before = scratch.lines("SELECT id, v FROM t ORDER BY id");
            var draft = scratch.shape("t")
                    .set("v", "'" + replacement.replace("'", "''") + "'")
                    .overwriting();
            var walk = ran(scratch, draft, "1", "100");
            assertThat(scratch.lines("SELECT id, v FROM t ORDER BY id")).doesNotContainAnyElementsOf(before);

            assertThat(walk.back(scratch.session(), 4).changed()).isEqualTo(6);
            assertThat(scratch.lines("SELECT id, v FROM t ORDER BY id")).isEqualTo(before);
        }
    }

    @Test
    default void leavesARowAsAWholeWhereSomebodyChangedItSince() {
        try (var scratch = Scratch.in(database())
                .execute(
                        "CREATE TABLE t (id integer PRIMARY KEY, a numeric, b text, other text)",
                        "INSERT INTO t SELECT g, 1, 'old', '' FROM generate_series(1, 10) g")) {
            var walk = ran(
                    scratch,
                    scratch.shape("t").set("a", "2.0").set("b", "'new'").overwriting(),
                    "1",
                    "100");
            scratch.execute(
                    "UPDATE t SET a = 3 WHERE id = 2",
                    "UPDATE t SET b = NULL WHERE id = 3",
                    "UPDATE t SET a = 2.00 WHERE id = 4",
                    "UPDATE t SET other = 'theirs' WHERE id = 5",
                    "DELETE FROM t WHERE id = 6");

            var result = walk.back(scratch.session(), 4);

            assertThat(result.examined()).isEqualTo(10);
            assertThat(result.changed()).isEqualTo(6);
            assertThat(scratch.lines("SELECT id, a, b, other FROM t WHERE id <= 5 ORDER BY id"))
                    .containsExactly("1|1|old|", "2|3|new|", "3|2.0|-|", "4|2.00|new|", "5|1|old|theirs");
        }
    }

    @Test
    default void listsTheRowsThatItLeavesAloneAndCanOverwriteThem() {
        try (var scratch = Scratch.in(database())
                .execute(
                        "CREATE TABLE t (id integer PRIMARY KEY, a json, b text)",
                        "INSERT INTO t SELECT g, NULL, '' FROM generate_series(1, 7) g")) {
            var walk = ran(
                    scratch,
                    scratch.shape("t").set("a", "json '[1]'").set("b", "'new'").overwriting(),
                    "1",
                    "100");
            scratch.execute(
                    "UPDATE t SET a = '[ 1]' WHERE id = 2",
                    "UPDATE t SET b = NULL WHERE id = 3",
                    "DELETE FROM t WHERE id = 4",
                    "UPDATE t SET a = NULL WHERE id = 5",
                    "UPDATE t SET a = NULL, b = '' WHERE id = 6");

            assertThat(walk.conflicts(scratch.session()))
                    .extracting(row -> row.values().toString())
                    .containsExactly(
                            "[2, t, [1], [ 1], null, new, new, ]",
                            "[3, t, [1], [1], null, new, null, ]",
                            "[4, f, [1], null, null, new, null, ]");
            assertThat(walk.back(scratch.session(), 3).changed())
                    .as("those that are again as before count as restored")
                    .isEqualTo(4);
            assertThat(walk.conflicts(scratch.session())).hasSize(3);
            assertThat(walk.overwrite(scratch.session())).isEqualTo(2);
            assertThat(walk.overwrite(scratch.session())).isZero();
            assertThat(scratch.lines("SELECT id, a, b FROM t ORDER BY id"))
                    .containsExactly("1|-|", "2|-|", "3|-|", "5|-|", "6|-|", "7|-|");
        }
    }

    @Test
    default void tellsWhatIsThereAndWhatIsNotAsItWas() {
        try (var scratch = Scratch.in(database())
                .execute(
                        "CREATE TABLE t (id integer PRIMARY KEY, a text)",
                        "INSERT INTO t SELECT g, NULL FROM generate_series(1, 4) g")) {
            var draft = scratch.shape("t").set("a", "'new'");
            var walk = ran(scratch, draft, "1", "100");
            scratch.execute(
                    "UPDATE t SET a = NULL WHERE id = 1",
                    "UPDATE t SET a = 'theirs' WHERE id = 2",
                    "DELETE FROM t WHERE id = 3");
            var looks = scratch.undoSql(draft);

            assertThat(walk.look(scratch.session(), looks.changed()))
                    .extracting(row -> row.values().toString())
                    .containsExactly("[2, t, new, theirs, null]", "[3, f, new, null, null]", "[4, t, new, new, null]");
            assertThat(walk.look(scratch.session(), looks.restored()).get(0).number(0))
                    .isEqualTo(1);
            walk.back(scratch.session(), 3);
            assertThat(walk.look(scratch.session(), looks.restored()).get(0).number(0))
                    .isEqualTo(2);
        }
    }

    @Test
    default void looksAgainAtARowThatChangesWhileTheUndoWaitsForIt() throws Exception {
        try (var scratch = Scratch.in(database())
                .execute(
                        "CREATE TABLE t (id integer PRIMARY KEY, a text)",
                        "INSERT INTO t SELECT g, NULL FROM generate_series(1, 10) g")) {
            var walk = ran(scratch, scratch.shape("t").set("a", "'new'"), "1", "100");
            var live = scratch.another(Map.of());
            var undo = scratch.another(Map.of());
            live.begin(Isolation.READ_COMMITTED);
            live.update("UPDATE t SET a = 'live' WHERE id = 7", Map.of());
            var back = CompletableFuture.supplyAsync(() -> walk.back(undo, 100));
            String waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted AND pid = " + undo.processId();
            while (scratch.one(waiting).equals("0")) {
                Thread.onSpinWait();
            }
            live.commit();

            assertThat(back.get().changed()).isEqualTo(9);
            assertThat(scratch.one("SELECT a FROM t WHERE id = 7")).isEqualTo("live");
        }
    }

    @Test
    default void leavesAColumnThatTheRunDidNotChange() {
        try (var scratch = Scratch.in(database())
                .execute(
                        "CREATE TABLE t (id integer PRIMARY KEY, a text, b text)",
                        "INSERT INTO t VALUES (1, 'kept', NULL), (2, NULL, NULL)")) {
            var walk = ran(scratch, scratch.shape("t").set("a", "'new'").set("b", "'new'"), "1", "100");
            scratch.execute("UPDATE t SET a = 'theirs' WHERE id = 1");

            assertThat(walk.back(scratch.session(), 4).changed()).isEqualTo(2);
            assertThat(scratch.lines("SELECT id, a, b FROM t ORDER BY id")).containsExactly("1|theirs|-", "2|-|-");
        }
    }

    @Test
    default void takesBackOneChunkAndNotAnother() {
        try (var scratch = Scratch.in(database())
                .execute(
                        "CREATE TABLE t (id integer PRIMARY KEY, a text)",
                        "INSERT INTO t SELECT g, NULL FROM generate_series(1, 10) g")) {
            var walk = ran(scratch, scratch.shape("t").set("a", "'new'"), "1", "6");
            walk.chunk(2, "6", "100").forward(scratch.session(), 3);

            assertThat(walk.back(scratch.session(), 2).changed()).isEqualTo(5);
            assertThat(scratch.lines("SELECT a, count(*) FROM t GROUP BY a ORDER BY a"))
                    .containsExactly("new|5", "-|5");
            assertThat(walk.chunk(1, "", "").back(scratch.session(), 2).changed())
                    .isEqualTo(5);
        }
    }

    @Test
    default void keepsImagesOfDomainsWithoutTheirConstraints() {
        try (var scratch = Scratch.in(database())
                .execute(
                        "CREATE TABLE t (id integer PRIMARY KEY, v text)",
                        "INSERT INTO t VALUES (1, 'too long a word'), (2, NULL)")) {
            // The value that breaks the rule was there before the rule.
            scratch.execute("CREATE DOMAIN plain AS text", "ALTER TABLE t ALTER v TYPE plain");
            scratch.execute("ALTER DOMAIN plain ADD CONSTRAINT short CHECK (length(VALUE) < 5) NOT VALID");
            var walk = ran(scratch, scratch.shape("t").set("v", "'word'").overwriting(), "1", "2");

            assertThat(scratch.lines("SELECT old_1, new_1 FROM backhoe.before_image_" + scratch.run()))
                    .containsExactly("too long a word|word");
            scratch.execute("ALTER DOMAIN plain DROP CONSTRAINT short");
            assertThat(walk.back(scratch.session(), 2).changed()).isEqualTo(1);
            assertThat(scratch.one("SELECT v FROM t WHERE id = 1")).isEqualTo("too long a word");
        }
    }
}
