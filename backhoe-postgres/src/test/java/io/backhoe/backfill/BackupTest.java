package io.backhoe.backfill;

import static io.backhoe.backfill.TestDatabase.OPTIONS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.backhoe.backup.BackupException;
import io.backhoe.check.Effort;
import io.backhoe.report.RunReport;
import io.backhoe.run.RunListener;
import io.backhoe.run.RunOptions;
import io.backhoe.run.StopSignal;
import io.backhoe.undo.Conflict;
import io.backhoe.undo.Restored;
import io.backhoe.undo.UndoOptions;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.BackupLocation;
import io.backhoe.value.Cause;
import io.backhoe.value.ExitCode;
import io.backhoe.value.OnConflict;
import io.backhoe.value.RunState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Before-images that are kept in a folder besides the database, or in place of it. */
class BackupTest {
    @TempDir
    private Path folder;

    private TestDatabase db;

    @BeforeEach
    void aTable() throws Exception {
        db = TestDatabase.create();
        db.orders(3_000);
    }

    @AfterEach
    void drop() throws Exception {
        db.close();
    }

    @Test
    void aRunIsTakenBackByteForByteWhenItsLedgerIsLost() throws Exception {
        String before = db.digest("orders");
        var report = run(TestDatabase.addOne(), true);
        assertThat(report.run().state()).as("%s", report).isEqualTo(RunState.SUCCEEDED);
        assertThat(db.digest("orders")).isNotEqualTo(before);
        assertThat(db.number("SELECT sum(rows) FROM backhoe.exported")).isEqualTo(3_000);
        assertThat(db.number("SELECT count(*) FROM backhoe.before_image_1")).isEqualTo(3_000);
        db.sql("DROP SCHEMA backhoe CASCADE");

        var restored = restore(UndoOptions.ALL);

        assertThat(restored.restored()).isEqualTo(3_000);
        assertThat(restored.whole()).isTrue();
        assertThat(db.digest("orders")).isEqualTo(before);
        assertThat(db.one("SELECT to_regnamespace('backhoe')")).isNull();
        assertThat(restore(UndoOptions.ALL).whole()).as("again").isTrue();
        assertThat(db.digest("orders")).isEqualTo(before);
    }

    @Test
    void aRunThatKeepsNothingInTheDatabaseIsTakenBackFromItsBackupByItself() throws Exception {
        String before = db.digest("orders");
        var told = new ArrayList<String>();
        run(TestDatabase.addOne(), false);
        String from = "backup: before-images are brought back from " + place();
        assertThat(db.one("SELECT to_regclass('backhoe.before_image_1')")).isNull();
        db.sql("UPDATE orders SET n = -1 WHERE id = 7");
        var conflicts = new ArrayList<Conflict>();
        assertThat(db.backhoe().conflicts(1, List.of(), conflicts::add)).isEqualTo(1);
        assertThat(conflicts.get(0).key().values()).containsExactly("7");
        assertThat(db.backhoe().lostImages(1, List.of())).isEmpty();
        assertThat(db.backhoe().account(1).undoable()).isTrue();
        assertThat(db.backhoe().report(1).run().images()).isTrue();

        var report = db.backhoe().rollback(1, List.of(), OPTIONS, new StopSignal(), new RunListener() {
            @Override
            public void event(String kind, String chunk, String message) {
                told.add(kind + ": " + message);
            }
        });

        assertThat(report.run().state()).isEqualTo(RunState.ROLLBACK_PARTIAL);
        assertThat(told).contains(from);
        db.backhoe()
                .rollback(
                        1,
                        new UndoOptions(List.of(), OnConflict.OVERWRITE),
                        OPTIONS,
                        new StopSignal(),
                        RunListener.NONE);
        assertThat(db.digest("orders")).isEqualTo(before);
    }

    @Test
    void beforeImagesThatSomebodyDroppedComeBackFromTheBackup() throws Exception {
        String before = db.digest("orders");
        run(TestDatabase.fillTier(), true);
        db.sql("DROP TABLE backhoe.before_image_1");

        var report = db.backhoe().rollback(1, List.of(), OPTIONS, new StopSignal(), RunListener.NONE);

        assertThat(report.run().state()).isEqualTo(RunState.ROLLED_BACK);
        assertThat(db.digest("orders")).isEqualTo(before);
    }

    @Test
    void whatSomebodyHasChangedSinceIsListedAndDealtWithAsElsewhere() throws Exception {
        String before = db.digest("orders");
        run(TestDatabase.addOne(), true);
        db.sql("UPDATE orders SET n = -1 WHERE id IN (7, 2000)");
        db.sql("DELETE FROM orders WHERE id = 8");
        db.sql("DROP SCHEMA backhoe CASCADE");
        String changed = db.digest("orders");

        var conflicts = new ArrayList<Conflict>();
        var look = db.backhoe()
                .restore(place(), UndoOptions.ALL, true, new StopSignal(), RunListener.NONE, conflicts::add);
        assertThat(look.restored()).isEqualTo(2_997);
        assertThat(conflicts).extracting(c -> c.key().values().get(0)).containsExactlyInAnyOrder("7", "8", "2000");
        assertThatThrownBy(() -> restore(new UndoOptions(List.of(), OnConflict.FAIL)))
                .isInstanceOfSatisfying(
                        BackhoeException.class, e -> assertThat(e.code()).isEqualTo("rows_changed_since"));
        assertThat(db.digest("orders")).isEqualTo(changed);

        var restored = restore(UndoOptions.ALL);
        assertThat(restored.left()).isEqualTo(3);
        assertThat(db.one("SELECT string_agg(n::text, ' ' ORDER BY id) FROM orders WHERE id IN (6, 7, 2000)"))
                .isEqualTo("6 -1 -1");
        var over = restore(new UndoOptions(List.of(), OnConflict.OVERWRITE));
        assertThat(over.overwritten()).isEqualTo(2);
        db.sql(
                "INSERT INTO orders SELECT 8, timestamptz '2023-01-01 00:00+00' + 8 * interval '1 year' / 3001, 8, NULL");
        assertThat(db.digest("orders")).isEqualTo(before);
    }

    @Test
    void whatIsNotAsItWasWrittenIsNamedBeforeAnythingIsRestored() throws Exception {
        run(TestDatabase.addOne(), true);
        db.sql("DROP SCHEMA backhoe CASCADE");
        String after = db.digest("orders");
        var objects = objects();
        assertThat(objects).hasSizeGreaterThan(6);
        Files.delete(objects.get(0));
        Files.write(objects.get(1), new byte[] {0}, StandardOpenOption.APPEND);
        byte[] whole = Files.readAllBytes(objects.get(2));
        Files.write(objects.get(2), Arrays.copyOf(whole, whole.length - 9));
        byte[] bent = Files.readAllBytes(objects.get(3));
        bent[bent.length / 2] ^= 1;
        Files.write(objects.get(3), bent);
        Path aside = folder.resolve("aside");
        Files.move(objects.get(4), aside);
        Files.move(objects.get(5), objects.get(4));
        Files.move(aside, objects.get(5), StandardCopyOption.REPLACE_EXISTING);

        assertThatThrownBy(() -> restore(UndoOptions.ALL)).isInstanceOfSatisfying(BackhoeException.class, e -> {
            assertThat(e.exit()).isEqualTo(ExitCode.REFUSED);
            assertThat(e.code()).isEqualTo("backup_damaged");
            assertThat(e.getMessage().lines().skip(1).map(String::strip))
                    .satisfiesExactly(
                            l -> assertThat(l).isEqualTo(name(objects, 0) + " is missing"),
                            l -> assertThat(l).startsWith(name(objects, 1) + " is too long: "),
                            l -> assertThat(l).startsWith(name(objects, 2) + " is truncated: "),
                            l -> assertThat(l).startsWith(name(objects, 3) + " is corrupted: SHA-256 "),
                            l -> assertThat(l)
                                    .isEqualTo(name(objects, 4) + " was swapped: it holds what was written as "
                                            + name(objects, 5)),
                            l -> assertThat(l)
                                    .isEqualTo(name(objects, 5) + " was swapped: it holds what was written as "
                                            + name(objects, 4)));
        });
        assertThat(db.digest("orders")).isEqualTo(after);

        Files.writeString(runFolder().resolve("plan.yaml"), "\n", StandardOpenOption.APPEND);
        assertThatThrownBy(() -> restore(UndoOptions.ALL)).hasMessageContaining("plan.yaml is damaged");
        Path manifest = manifest();
        Files.writeString(manifest, Files.readString(manifest).replace("\"rows\" : 3000", "\"rows\" : 2999"));
        assertThatThrownBy(() -> restore(UndoOptions.ALL)).hasMessageContaining(".json is damaged");
        Files.delete(manifest);
        assertThatThrownBy(() -> restore(UndoOptions.ALL))
                .isInstanceOfSatisfying(
                        BackhoeException.class, e -> assertThat(e.code()).isEqualTo("backup_object_missing"))
                .hasMessageStartingWith("There is no manifest of a backup at ");
        assertThatThrownBy(() -> db.backhoe().backup(BackupLocation.parse(folder.toString())))
                .hasMessageContaining("below it are add_one-1-");
    }

    @Test
    void aProcessThatIsKilledLeavesABackupThatGoesOnWithTheRun() throws Exception {
        String before = db.digest("orders");
        try (var process = CrashProcess.ordered(db, "run " + encoded(TestDatabase.addOne(), false))) {
            db.awaitNumber("SELECT CAST(count(*) > 2 AS integer) FROM backhoe.exported", 1);
            process.kill();
        }
        Path orphan = runFolder().resolve("c000001-s0001-b000000001-e000001-0123abcd-a000000099.csv.zst");
        Files.writeString(orphan, "of a batch that did not commit");
        Files.writeString(runFolder().resolve(".x.part"), "of a batch that did not end");
        Path newer = runFolder().resolve("c000001-s0001-b000000001-e000099-0123abcd-a000000001.csv.zst");
        Files.writeString(newer, "of somebody who has taken over meanwhile, and commits in a moment");

        db.backhoe().resume(1, OPTIONS, new StopSignal(), RunListener.NONE);

        assertThat(db.number("SELECT count(*) FROM orders WHERE n <> id % 100 + 1"))
                .isZero();
        assertThat(orphan).doesNotExist();
        Files.delete(newer);
        assertThat(runFolder().resolve(".x.part")).doesNotExist();
        assertThat(db.number("SELECT count(*) FROM backhoe.exported"))
                .isEqualTo(objects().size());
        db.sql("DROP SCHEMA backhoe CASCADE");
        assertThat(restore(UndoOptions.ALL).whole()).isTrue();
        assertThat(db.digest("orders")).isEqualTo(before);
    }

    @Test
    void whatTheListOfAKilledProcessMissesIsNamed() throws Exception {
        try (var process = CrashProcess.ordered(db, "run " + encoded(TestDatabase.addOne(), true))) {
            db.awaitNumber("SELECT CAST(count(*) > 2 AS integer) FROM backhoe.exported", 1);
            process.kill();
        }
        db.sql("DROP SCHEMA backhoe CASCADE");

        var restored = restore(UndoOptions.ALL);

        assertThat(restored.whole()).isFalse();
        assertThat(restored.uncovered())
                .containsExactlyElementsOf(
                        objects().stream().map(p -> p.getFileName().toString()).toList());
    }

    @Test
    void aFolderThatIsGoneHoldsTheRunAndThenPausesIt() throws Exception {
        String spec = backedUp(TestDatabase.addOne(), true).replace("parallelism: 2", "parallelism: 1, max_retries: 2");
        var plan = db.plan(spec);
        var told = new ArrayList<String>();
        var first = db.backhoe().run(plan, new RunOptions(1, 1, "test"), new StopSignal(), RunListener.NONE);
        assertThat(first.run().state()).isEqualTo(RunState.PAUSED);
        Path away = folder.resolveSibling(folder.getFileName() + "-away");
        Files.move(folder, away);

        assertThatThrownBy(() -> db.backhoe().resume(1, OPTIONS, new StopSignal(), RunListener.NONE))
                .isInstanceOfSatisfying(BackhoeException.class, e -> {
                    assertThat(e.exit()).isEqualTo(ExitCode.STOPPED);
                    assertThat(e.hint()).startsWith("backhoe resume 1");
                })
                .hasMessageContaining("is not there (a disk not mounted?)");
        assertThat(db.one("SELECT state FROM backhoe.run")).isEqualTo("PAUSED");
        assertThat(db.one("SELECT reason FROM backhoe.run")).contains("nothing is written without it");

        Files.move(away, folder);
        var ended = db.backhoe().resume(1, OPTIONS, new StopSignal(), RunListener.NONE);
        assertThat(ended.run().state()).isEqualTo(RunState.SUCCEEDED);
        assertThat(told).isEmpty();
        assertThat(db.number("SELECT sum(rows) FROM backhoe.exported")).isEqualTo(3_000);
    }

    @Test
    void aDiskThatIsFullPausesTheRunWhichGoesOnWhenThereIsRoom() throws Exception {
        assumeTool("mount", "a small disk needs mount, and root");
        int mounted = new ProcessBuilder("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", folder.toString())
                .inheritIO()
                .start()
                .waitFor();
        if (!"all".equals(System.getenv("BACKHOE_TOOLS"))) {
            assumeTrue(mounted == 0, "a small disk cannot be mounted here; it takes root");
        }
        assertThat(mounted).isZero();
        try {
            String before = db.digest("orders");
            Path ballast = folder.resolve("ballast");
            String spec =
                    backedUp(TestDatabase.addOne(), false).replace("parallelism: 2", "parallelism: 1, max_retries: 2");

            var report = db.backhoe().run(db.plan(spec), OPTIONS, new StopSignal(), new RunListener() {
                @Override
                public void event(String kind, String chunk, String message) {
                    if (kind.equals("chunk_done") && Files.notExists(ballast)) {
                        fill(ballast);
                    }
                }
            });

            assertThat(report.run().state()).isEqualTo(RunState.PAUSED);
            assertThat(report.run().exitCode()).isEqualTo(ExitCode.STOPPED.code());
            assertThat(report.run().reason()).contains(BackupException.STOPS, "No space left on device");
            assertThat(db.number("SELECT count(*) FROM orders WHERE n <> id % 100"))
                    .isPositive()
                    .isEqualTo(db.number("SELECT sum(rows) FROM backhoe.exported"));
            Files.delete(ballast);
            var ended = db.backhoe().resume(1, OPTIONS, new StopSignal(), RunListener.NONE);
            assertThat(ended.run().state()).isEqualTo(RunState.SUCCEEDED);
            assertThat(db.number("SELECT count(*) FROM backhoe.exported"))
                    .isEqualTo(objects().size());
            db.sql("DROP SCHEMA backhoe CASCADE");
            assertThat(restore(UndoOptions.ALL).whole()).isTrue();
            assertThat(db.digest("orders")).isEqualTo(before);
        } finally {
            new ProcessBuilder("umount", folder.toString()).inheritIO().start().waitFor();
        }
    }

    private static void fill(Path ballast) {
        try (var out = Files.newOutputStream(ballast)) {
            for (byte[] block = new byte[512]; ; ) {
                out.write(block);
            }
        } catch (IOException e) {
            // That is what it is for.
            assertThat(e).hasMessageContaining("No space left");
        }
    }

    @Test
    void aPersonRestoresItWithZstdAndPsqlAndTheScriptOfTheDocumentation(@TempDir Path desk) throws Exception {
        assumeTool("zstd", "Debian's package zstd is not installed");
        assumeTool("psql", "Debian's package postgresql-client is not installed");
        String page = Files.readString(Path.of("..", "docs", "backups.md"));
        var block = Pattern.compile("```sh\n(#!/bin/sh.*?)```", Pattern.DOTALL).matcher(page);
        assertThat(block.find()).isTrue();
        Path script = Files.writeString(desk.resolve("restore.sh"), block.group(1));
        db.sql("UPDATE orders SET tier = CASE WHEN id % 3 = 0 THEN '' ELSE 'a \"b\", c' || chr(10) || 'd' END"
                + " WHERE id % 7 = 0");
        String before = db.digest("orders");
        run(TestDatabase.fillTier().replace("parallelism: 2", "parallelism: 2, preserve_existing: false"), false);
        db.sql("UPDATE orders SET tier = 'somebody else''s' WHERE id = 11");
        db.sql("DROP SCHEMA backhoe CASCADE");

        var shell = new ProcessBuilder("sh", script.toString(), runFolder().toString()).redirectErrorStream(true);
        shell.environment().putAll(db.libpq());
        var process = shell.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).as(said).isZero();
        assertThat(said).contains("UPDATE 2999", "COMMIT");
        assertThat(db.one("SELECT tier FROM orders WHERE id = 11")).isEqualTo("somebody else's");
        db.sql("UPDATE orders SET tier = NULL WHERE id = 11");
        assertThat(db.digest("orders")).isEqualTo(before);

        Files.writeString(objects().get(3), "x", StandardOpenOption.APPEND);
        assertThat(shell.start().waitFor()).isNotZero();
    }

    private static void assumeTool(String name, String why) throws Exception {
        boolean there =
                new ProcessBuilder("sh", "-c", "command -v " + name).start().waitFor() == 0;
        if (!"all".equals(System.getenv("BACKHOE_TOOLS"))) {
            assumeTrue(there, why);
        }
        assertThat(there).as(why).isTrue();
    }

    @Test
    void purgingDeletesTheBackupToo() throws Exception {
        run(TestDatabase.addOne(), false);
        var look = db.backhoe().purgeable(1);
        assertThat(look.there()).isTrue();
        assertThat(look.objects()).isEqualTo(objects().size() + 2L);
        assertThat(look.held()).isEmpty();

        assertThat(db.backhoe().purge(1, new Cause("bob", "tidy"))).isEmpty();

        assertThat(folder).isEmptyDirectory();
        assertThat(db.backhoe().purgeable(1).there()).isFalse();
        assertThatThrownBy(() -> db.backhoe().rollback(1, List.of(), OPTIONS, new StopSignal(), RunListener.NONE))
                .hasMessageContaining("were purged on");
        assertThat(db.one("SELECT was FROM backhoe.event WHERE message = 'purge'"))
                .contains("backup at file:///");
    }

    @Test
    void aLedgerThatIsOlderThanTheBackupNeitherAddsToItNorTakesItForTheWhole() throws Exception {
        var stop = new RunOptions(null, 1, "test");
        db.backhoe().run(db.plan(backedUp(TestDatabase.addOne(), false)), stop, new StopSignal(), RunListener.NONE);
        db.backhoe().resume(1, OPTIONS, new StopSignal(), RunListener.NONE);
        var before = objects();
        // As a copy of the database has it that was made before the run went on.
        db.sql("UPDATE backhoe.run SET state = 'PAUSED', epoch = 1");
        db.sql("UPDATE backhoe.chunk SET state = 'pending' WHERE chunk > 1");
        db.sql("DELETE FROM backhoe.exported WHERE chunk > 1");

        for (Runnable way : List.<Runnable>of(
                () -> db.backhoe().resume(1, OPTIONS, new StopSignal(), RunListener.NONE),
                () -> db.backhoe().rollback(1, List.of(), OPTIONS, new StopSignal(), RunListener.NONE),
                () -> db.backhoe()
                        .rollback(
                                1,
                                new UndoOptions(List.of(), OnConflict.SKIP, true),
                                OPTIONS,
                                new StopSignal(),
                                RunListener.NONE))) {
            assertThatThrownBy(way::run)
                    .isInstanceOfSatisfying(
                            BackhoeException.class, e -> assertThat(e.code()).isEqualTo("ledger_older_than_backup"))
                    .hasMessageContaining("objects that the ledger does not know");
        }
        assertThat(objects()).isEqualTo(before);
        db.sql("UPDATE backhoe.run SET state = 'FAILED'");
        assertThatThrownBy(() -> db.backhoe().purge(1, new Cause("bob", "tidy")))
                .isInstanceOfSatisfying(
                        BackhoeException.class, e -> assertThat(e.code()).isEqualTo("ledger_older_than_backup"));
        assertThat(objects()).isEqualTo(before);
    }

    @Test
    void aRollbackThatDidNotComeAboutLeavesNothingThatHidesTheBackup() throws Exception {
        String before = db.digest("orders");
        db.backhoe()
                .run(
                        db.plan(backedUp(TestDatabase.addOne(), false)),
                        new RunOptions(null, 1, "test"),
                        new StopSignal(),
                        RunListener.NONE);
        // As one leaves it that was refused after it had brought back the images of the first chunk.
        db.sql("CREATE TABLE backhoe.before_image_1 (chunk integer, key_1 bigint, old_1 integer, new_1 integer)");

        db.backhoe().resume(1, OPTIONS, new StopSignal(), RunListener.NONE);

        assertThat(db.one("SELECT to_regclass('backhoe.before_image_1')")).isNull();
        var undone = db.backhoe().rollback(1, List.of(), OPTIONS, new StopSignal(), RunListener.NONE);
        assertThat(undone.run().state()).isEqualTo(RunState.ROLLED_BACK);
        assertThat(db.digest("orders")).isEqualTo(before);
    }

    @Test
    void aCopyOfTheBackupDoesNotGoPastALedgerThatKnowsTheRun(@TempDir Path copy) throws Exception {
        run(TestDatabase.addOne(), true);
        for (Path file : Files.list(runFolder()).toList()) {
            Files.copy(file, copy.resolve(file.getFileName()));
        }

        assertThatThrownBy(() -> db.backhoe()
                        .restore(
                                BackupLocation.parse(copy.toString()),
                                UndoOptions.ALL,
                                false,
                                new StopSignal(),
                                RunListener.NONE,
                                c -> {}))
                .isInstanceOfSatisfying(
                        BackhoeException.class, e -> assertThat(e.code()).isEqualTo("ledger_knows_run"))
                .hasMessageContaining("Nothing was taken back");
    }

    @Test
    void aPlaceThatIsNotThereIsNotPurged(@TempDir Path elsewhere) throws Exception {
        run(TestDatabase.addOne(), false);
        Path kept = elsewhere.resolve("run");
        Path place = runFolder();
        Files.move(place, kept);

        assertThatThrownBy(() -> db.backhoe().purge(1, new Cause("bob", "tidy")))
                .isInstanceOfSatisfying(
                        BackhoeException.class, e -> assertThat(e.exit()).isEqualTo(ExitCode.UNREACHABLE))
                .hasMessageContaining("a disk not mounted");

        Files.move(kept, place);
        assertThat(db.backhoe().purge(1, new Cause("bob", "tidy"))).isEmpty();
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aFolderMayBeCalledAnything() throws Exception {
        folder = Files.createDirectory(folder.resolve("my %41 #1 Größe"));
        String before = db.digest("orders");
        assertThat(run(TestDatabase.addOne(), false).run().state()).isEqualTo(RunState.SUCCEEDED);
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(objects().get(0))))
                .isEqualTo("rw-------");

        var undone = db.backhoe().rollback(1, List.of(), OPTIONS, new StopSignal(), RunListener.NONE);

        assertThat(undone.run().state()).isEqualTo(RunState.ROLLED_BACK);
        assertThat(db.digest("orders")).isEqualTo(before);
    }

    @Test
    void aCheckThatNeedsThemInTheDatabaseIsRefusedAndSaysWhyWhenAsked() throws Exception {
        String spec = backedUp(TestDatabase.addOne(), false)
                .replace("  strategy:", "  execution: { post_checks: [verify_values_match_expression] }\n  strategy:");
        assertThatThrownBy(() -> db.plan(spec))
                .hasMessageContaining("verify_values_match_expression looks at before-images in the database");
        run(TestDatabase.addOne(), false);
        assertThat(db.backhoe()
                        .verify(1, "verify_values_match_expression", Effort.USUAL)
                        .get(0)
                        .evidence())
                .contains("are in its backup alone (rollback.keep_in_database: false)");
    }

    private RunReport run(String spec, boolean keepInDatabase) {
        return db.backhoe().run(db.plan(backedUp(spec, keepInDatabase)), OPTIONS, new StopSignal(), RunListener.NONE);
    }

    private Restored restore(UndoOptions what) throws IOException {
        return db.backhoe().restore(place(), what, false, new StopSignal(), RunListener.NONE, c -> {});
    }

    private String backedUp(String spec, boolean keepInDatabase) {
        return spec.replace(
                "  strategy:",
                "  rollback: { strategy: restore_from_backup, backup_location: \"" + folder.toUri()
                        + "\", keep_in_database: " + keepInDatabase + " }\n  strategy:");
    }

    private String encoded(String spec, boolean keepInDatabase) {
        return Base64.getEncoder().encodeToString(backedUp(spec, keepInDatabase).getBytes(StandardCharsets.UTF_8));
    }

    private Path runFolder() throws IOException {
        try (var below = Files.list(folder)) {
            return below.filter(Files::isDirectory).findFirst().orElseThrow();
        }
    }

    private BackupLocation place() throws IOException {
        return BackupLocation.parse(runFolder().toString());
    }

    private List<Path> objects() throws IOException {
        try (var files = Files.list(runFolder())) {
            return files.filter(f -> f.toString().endsWith(".csv.zst")).sorted().toList();
        }
    }

    private Path manifest() throws IOException {
        try (var files = Files.list(runFolder())) {
            return files.filter(f -> f.getFileName().toString().startsWith("manifest-"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static String name(List<Path> objects, int place) {
        return objects.get(place).getFileName().toString();
    }
}
