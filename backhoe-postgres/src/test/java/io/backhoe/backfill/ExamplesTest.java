package io.backhoe.backfill;

import static io.backhoe.backfill.TestDatabase.OPTIONS;
import static org.assertj.core.api.Assertions.assertThat;

import io.backhoe.run.RunListener;
import io.backhoe.run.StopSignal;
import io.backhoe.spec.SpecFile;
import io.backhoe.spec.SpecOverrides;
import io.backhoe.value.RunState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every example runs as it stands, against the tables that it speaks of. */
class ExamplesTest {
    /** What the head of the older file says to add on the command line. */
    private static final SpecOverrides TIER =
            new SpecOverrides(null, Map.of("customer_tier", "'bronze'"), null, null, null);

    static List<Path> examples() throws IOException {
        try (var files = Files.list(Path.of("..", "examples"))) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .toList();
        }
    }

    /** As {@code make example} runs it, in a process of its own. */
    @Test
    void theProgramInJavaIsShortAndDoesWhatItSays() throws Exception {
        Path program = Path.of("..", "examples", "java", "FillTiers.java");
        var process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        program.toString())
                .redirectErrorStream(true)
                .start();

        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).as(said).isZero();
        assertThat(said)
                .contains("chunk_done 2023-Q1 success")
                .containsPattern("tiers: SUCCEEDED, [0-9]+ rows changed\\s")
                .contains("scores: SUCCEEDED, 20000 rows changed")
                .contains("ROLLED_BACK, 20000 rows restored");
        assertThat(Files.readAllLines(program)).hasSizeLessThanOrEqualTo(40);
    }

    @ParameterizedTest
    @MethodSource("examples")
    void runsAndCanBeTakenBack(Path example, @TempDir Path backups) throws Exception {
        try (var db = TestDatabase.create()) {
            db.sql("CREATE TABLE customers (id bigint PRIMARY KEY, lifetime_value numeric NOT NULL)");
            db.sql("INSERT INTO customers SELECT i, i * 100 FROM generate_series(1, 100) i");
            db.sql("""
                    CREATE TABLE orders (id bigint PRIMARY KEY, order_date date NOT NULL,
                                         customer_id bigint NOT NULL, customer_tier text)""");
            db.sql(
                    "INSERT INTO orders SELECT i, date '2023-01-01' + i % 365, 1 + i % 100 FROM generate_series(1, 3000) i");
            db.sql("CREATE INDEX ON orders (order_date, id)");
            String before = db.digest("orders");
            // The bucket is somebody else's, like the tables.
            String text = Files.readString(example)
                    .replaceAll("s3://\\S+", backups.toUri().toString());
            var read = SpecFile.read(text, example.toString(), text.contains("transform:") ? SpecOverrides.NONE : TIER);

            var report = db.backhoe()
                    .run(db.backhoe().plan(read.spec(), read.warnings()), OPTIONS, new StopSignal(), RunListener.NONE);

            assertThat(report.run().state()).isEqualTo(RunState.SUCCEEDED);
            assertThat(report.chunks()).hasSize(12);
            assertThat(db.number("SELECT count(*) FROM orders WHERE customer_tier IS NULL"))
                    .isZero();
            db.backhoe().rollback(report.run().id(), List.of(), OPTIONS, new StopSignal(), RunListener.NONE);
            assertThat(db.digest("orders")).isEqualTo(before);
        }
    }
}
