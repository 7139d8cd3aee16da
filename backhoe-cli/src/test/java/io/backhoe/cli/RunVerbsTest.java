package io.backhoe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The verbs that are about a run that there is. */
class RunVerbsTest {
    @TempDir
    private Path folder = Path.of("");

    private final Shop shop = new Shop(12_000);
    private final Shell shell = shop.shell();

    @AfterEach
    void close() {
        shop.close();
    }

    @Test
    void withoutALedgerThereIsNothingToList() {
        assertThat(shell.run("list", "--json").data().get("runs")).isEmpty();
        assertThat(shell.run("status", "--json").exit()).isEqualTo(2);
        assertThat(shell.run("status", "--json").errorCode()).isEqualTo("no_ledger");
    }

    @Test
    void runsAreListedNewestFirstAndFoundByIdOrNameOrNothing() throws IOException {
        run();
        shell.run("rollback", "--yes");
        run();

        var runs = shell.run("list", "--json").data().get("runs");
        assertThat(runs).hasSize(2);
        assertThat(runs.get(0).get("run_id").asString()).isEqualTo("2");
        assertThat(runs.get(0).get("table").asString()).isEqualTo("shop.orders");
        assertThat(runs.get(1).get("state").asString()).isEqualTo("ROLLED_BACK");
        assertThat(shell.run("list", "--limit", "1", "--json").data().get("runs"))
                .hasSize(1);
        assertThat(shell.run("list").out()).contains("ROLLED_BACK", "orders_tier_backfill");

        for (String name : new String[] {"2", "orders_tier_backfill"}) {
            assertThat(shell.run("status", name, "--json").data().get("run_id").asString())
                    .isEqualTo("2");
        }
        assertThat(shell.run("status").out()).contains("Run 2 ", "SUCCEEDED", "next         backhoe rollback 2");
        assertThat(shell.run("status", "1").out()).contains("ROLLED_BACK");
        assertThat(shell.run("status", "99", "--json").errorCode()).isEqualTo("run_not_found");
    }

    @Test
    void hintsLeadBackToTheSameDatabase() throws IOException {
        run();

        assertThat(Shell.script().run("status", "--url", shop.url()).out())
                .contains("next         backhoe rollback 1 --url " + shop.url());
    }

    @Test
    void aRunThatNobodyExecutesIsCancelledAtOnce() throws IOException {
        run("--max-chunks", "1");

        assertThat(shell.run("pause", "--json").exit()).isZero();
        var cancelled = shell.run("cancel", "--json");
        assertThat(cancelled.exit()).isZero();
        assertThat(cancelled.data().get("state").asString()).isEqualTo("CANCELLED");

        var resumed = shell.run("resume", "1", "--json");
        assertThat(resumed.exit()).isEqualTo(8);
        assertThat(resumed.errorCode()).isEqualTo("wrong_state");
        assertThat(shell.run("pause", "1").exit()).isEqualTo(8);
        assertThat(shell.run("rollback", "1", "--yes").exit()).isZero();
        assertThat(shop.missingTiers()).isEqualTo(11_760);
    }

    @Test
    void takingBackAsksFirst() throws IOException {
        run();

        assertThat(shell.run("rollback", "--json").errorCode()).isEqualTo("confirmation_missing");
        assertThat(shell.run("rollback").exit()).isEqualTo(3);
        var no = shell.person("no\n").run("rollback");
        assertThat(no.exit()).isEqualTo(3);
        assertThat(no.out()).contains("Restore 11,760 rows of shop.orders");
        assertThat(shop.missingTiers()).isZero();

        var yes = shell.person("yes\n").run("rollback");
        assertThat(yes.exit()).isZero();
        assertThat(yes.out()).contains("ROLLED_BACK: 12 of 12 chunks taken back, in", "restored     11,760 rows");
        assertThat(shop.missingTiers()).isEqualTo(11_760);
    }

    @Test
    void aChunkCanBeTakenBackAloneAndRowsChangedSinceAreKept() throws IOException {
        run();
        shop.execute("UPDATE shop.orders SET customer_tier = 'mine' WHERE id = 1");

        assertThat(shell.run("rollback", "--yes", "--chunk", "2023-13", "--json")
                        .errorCode())
                .isEqualTo("chunk_not_found");
        var one = shell.run("rollback", "--yes", "--chunk", "2023-02", "--json");
        assertThat(one.exit()).isZero();
        assertThat(one.data().get("rolled_back").asInt()).isEqualTo(1);

        var rest = shell.run("rollback", "--yes", "--json");
        assertThat(rest.exit()).isEqualTo(5);
        assertThat(rest.data().get("state").asString()).isEqualTo("ROLLBACK_PARTIAL");
        assertThat(rest.data().get("kept_rows").asInt()).isEqualTo(1);
        assertThat(rest.data().get("restored_rows").asInt()).isEqualTo(11_759);
        assertThat(shop.number("SELECT count(*) FROM shop.orders WHERE customer_tier = 'mine'"))
                .isEqualTo(1);
    }

    @Test
    void aDryRunListsTheRowsThatSomebodyChangedSinceAndAFileHasAllOfThem() throws IOException {
        run();
        shop.execute("UPDATE shop.orders SET customer_tier = '' WHERE id = 1");
        shop.execute("UPDATE shop.orders SET customer_tier = 'my \"own\",\n' WHERE id = 2");
        shop.execute("DELETE FROM shop.orders WHERE id = 3");
        String file = folder.resolve("kept.csv").toString();

        var looked = shell.run("rollback", "--dry-run", "--show", "2", "--conflicts", file);
        assertThat(looked.exit()).isZero();
        assertThat(looked.out())
                .contains("3 rows of shop.orders that run 1 wrote were changed or deleted", "NULL", "and 1 more")
                .contains("11,757 rows would be restored");
        assertThat(Files.readString(Path.of(file)).split("\r\n"))
                .hasSize(4)
                .contains("\"chunk\",\"key\",\"state\",\"column\",\"written\",\"present\",\"before\"")
                .anyMatch(l -> l.matches("\"2023-..\",\"1\",\"changed\",\"customer_tier\",\"[a-z]+\",\"\","))
                .anyMatch(l -> l.contains("\"my \"\"own\"\",\n\","))
                .anyMatch(l -> l.matches("\"2023-..\",\"3\",\"deleted\",\"customer_tier\",\"[a-z]+\",,"));
        assertThat(shop.missingTiers()).isZero();

        var json = shell.run("rollback", "--dry-run", "--json").data();
        assertThat(json.get("conflict_rows").asInt()).isEqualTo(3);
        assertThat(json.get("conflicts")
                        .get(0)
                        .get("columns")
                        .get(0)
                        .get("before")
                        .isNull())
                .isTrue();

        var failed = shell.run("rollback", "--yes", "--on-conflict", "fail", "--json");
        assertThat(failed.exit()).isEqualTo(8);
        assertThat(failed.errorCode()).isEqualTo("rows_changed_since");
        assertThat(shop.missingTiers()).isZero();

        var over = shell.run("rollback", "--yes", "--on-conflict", "overwrite", "--json");
        assertThat(over.exit()).as("the deleted row stays so").isEqualTo(5);
        assertThat(over.data().get("overwritten_rows").asInt()).isEqualTo(2);
        assertThat(over.data().get("kept_rows").asInt()).isEqualTo(1);
        assertThat(shop.missingTiers()).isEqualTo(11_759);
        assertThat(shell.run("status").out())
                .contains(
                        "of which 2 over what somebody had put there since",
                        "1 row changed or deleted by somebody since");
    }

    @Test
    void whatADriftedRunHasLeftIsPlannedByTheCommandThatItNames() throws IOException {
        run("--max-chunks", "3");
        shop.execute("ALTER TABLE shop.orders ADD COLUMN extra text");
        String plan = folder.resolve("rest.plan.yaml").toString();

        var drifted = shell.run("resume", "1");
        assertThat(drifted.exit()).isEqualTo(7);
        assertThat(drifted.err())
                .contains(
                        "backhoe resume 1 --accept-drift",
                        "backhoe cancel 1, then backhoe plan --rest-of 1;",
                        "backhoe rollback 1");
        assertThat(shell.run("plan", "--rest-of", "1").exit())
                .as("it may still go on")
                .isEqualTo(8);
        assertThat(shell.run("plan", "spec.yaml", "--rest-of", "1").exit()).isEqualTo(2);
        assertThat(shell.run("plan").exit()).isEqualTo(2);

        shell.run("cancel", "1");
        var planned = shell.run("plan", "--rest-of", "1", "-o", plan, "--no-rehearsal", "--json");
        assertThat(planned.exit()).as(planned.err()).isZero();
        assertThat(planned.data().get("total_chunks").asInt()).isEqualTo(9);
        assertThat(shell.run("run", plan).exit()).isZero();
        assertThat(shop.missingTiers()).isZero();

        assertThat(shell.run("rollback", "2", "--yes").exit()).isZero();
        assertThat(shell.run("rollback", "1", "--yes").exit()).isZero();
        assertThat(shop.missingTiers()).isEqualTo(11_760);
    }

    @Test
    void aPlanWhoseRowsWouldBeWrittenASecondTimeNamesTheRunThatDidIt() throws IOException {
        String spec = Specs.write(
                folder, "again.yaml", Specs.TIERS.replace("preserve_existing: true", "preserve_existing: false"));
        String plan = folder.resolve("again.plan.yaml").toString();
        assertThat(shell.run("plan", spec, "-o", plan, "--no-rehearsal").exit()).isZero();
        var once = shell.run("run", plan, "--yes");
        assertThat(once.exit()).as(once.err()).isZero();
        assertThat(once.err()).doesNotContain("warning:");

        var twice = shell.run("run", plan, "--yes");

        assertThat(twice.exit()).isZero();
        assertThat(twice.err()).contains("warning: Run 1 has executed this plan before (SUCCEEDED,", "is done again");
    }

    @Test
    void aRunWithoutBeforeImagesNamesNoUndo() throws IOException {
        String spec = Specs.write(
                folder, "none.yaml", Specs.TIERS.replace("  strategy:", "  rollback: { strategy: none }\n  strategy:"));

        var ran = shell.run("run", spec, "--yes");

        assertThat(ran.out())
                .contains("  undo         not possible: the run has no before-images")
                .doesNotContain("backhoe rollback");
        assertThat(shell.run("status").out())
                .contains("undo         not possible")
                .doesNotContain("backhoe rollback");
    }

    private void run(String... more) throws IOException {
        String spec = Specs.write(folder, "spec.yaml", Specs.TIERS);
        var arguments = new ArrayList<>(List.of("run", spec, "--yes"));
        arguments.addAll(List.of(more));
        assertThat(shell.run(arguments.toArray(String[]::new)).exit()).isIn(0, 9);
    }
}
