package io.backhoe.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.backhoe.value.ChunkState;
import io.backhoe.value.RunState;
import java.time.LocalDateTime;
import java.util.List;
import org.junit.jupiter.api.Test;

class MarkdownReportTest {
    @Test
    void aRunThatGoesOnHasItsBarItsTableAndWhatIsLeft() {
        var chunks =
                Accounts.months(12, i -> i < 6 ? ChunkState.SUCCESS : i == 6 ? ChunkState.RUNNING : ChunkState.PENDING);

        String page = MarkdownReport.write(Accounts.of("orders_tier", RunState.RUNNING, true, chunks), " --url u");

        assertThat(page)
                .startsWith("# Backfill Progress: orders_tier\n\n**Started:** 2024-05-06T07:00:00Z")
                .contains("**Current Status:** RUNNING, executed by host:42")
                .contains("## Progress\n\n`█████████████░░░░░░░░░░░░` 54% (6/12 chunks)")
                .contains("| Chunk | Date Range | Rows | Status | Duration |")
                .contains("| Jan 2023 | 1,000 | ✓ done | ", "| Jul 2023 | 500 | ▶ running | 1 min |")
                .contains("| Dec 2023 | 0 | ○ waiting | - |")
                .contains("**Rows Processed:** 6,500 / ~12,000", "**Elapsed Time:** 1 min")
                .contains("**Estimated Remaining:** 20 s to 35 s", "**Limited By:** workers: 2 busy of 2")
                .contains("## Time Lost", "| lock_timeout | 3 | 2.5 s |")
                .contains("    backhoe pause 3 --url u", "    backhoe rollback 3 --url u")
                .contains("| Rows changed | 10,000 to 13,000 | 6,500 | not known before the end |");
    }

    @Test
    void whatIsLeftIsMeasuredFirstAndIsOfNoConcernWhereNothingGoesOn() {
        var waiting = Accounts.months(3, i -> ChunkState.PENDING);

        assertThat(MarkdownReport.write(Accounts.unsaid(Accounts.of("a", RunState.RUNNING, true, waiting)), ""))
                .contains("**Estimated Remaining:** measuring");
        assertThat(MarkdownReport.write(Accounts.of("a", RunState.RUNNING, false, waiting), ""))
                .contains("RUNNING, but no process executes it")
                .doesNotContain("Estimated Remaining");
    }

    @Test
    void ofVeryManyChunksThoseThatNeedALookAreListedAndTheOthersCounted() {
        var some = Accounts.hours(100_000, i -> i % 100 == 0 ? ChunkState.FAILED : ChunkState.SUCCESS);
        var none = Accounts.hours(100_000, i -> ChunkState.SUCCESS);

        String page = MarkdownReport.write(Accounts.of("a", RunState.PARTIAL, false, some), "");

        assertThat(page)
                .contains("500 of the 1,000 chunks that need a look are listed", "99,500 more chunks not listed");
        assertThat(page.lines().filter(line -> line.contains("✗ failed"))).hasSize(500);
        assertThat(MarkdownReport.write(Accounts.of("a", RunState.SUCCEEDED, false, none), ""))
                .contains("None of 100,000 chunks needs a look, so none is listed.")
                .doesNotContain("| Chunk |");
    }

    @Test
    void namesStayText() {
        String nasty = "<script>alert('x')</script> | [a](http://b) **c** `d` _e_\n# f \u202e&amp;";

        String page = MarkdownReport.write(
                Accounts.of(nasty, RunState.SUCCEEDED, false, Accounts.months(1, i -> ChunkState.SUCCESS)), "");

        assertThat(page.lines().findFirst().orElseThrow())
                .isEqualTo(
                        "# Backfill Progress: \\<script>alert('x')\\</script> \\| \\[a\\](http://b) \\*\\*c\\*\\* \\`d\\` "
                                + "\\_e\\_ # f  \\&amp;");
    }

    @Test
    void rangesAreSaidAsPeopleSayThem() {
        var noon = LocalDateTime.of(2023, 3, 5, 12, 0);
        var day = noon.toLocalDate().atStartOfDay();
        var page = MarkdownReport.write(
                Accounts.of(
                        "a",
                        RunState.PLANNED,
                        false,
                        List.of(
                                Accounts.chunk(1, day, day.plusDays(1), ChunkState.PENDING),
                                Accounts.chunk(2, day, day.plusDays(7), ChunkState.PENDING),
                                Accounts.chunk(3, noon, noon.plusHours(1), ChunkState.PENDING),
                                Accounts.keys(4, "1000", "2000"))),
                "");

        assertThat(page)
                .contains("| 2023-03-05 |", "| 2023-03-05 to 2023-03-12 |")
                .contains("| 2023-03-05T12:00 to 2023-03-05T13:00 |", "| after 1000 up to 2000 |")
                .contains("The second date of a range no longer belongs to it.")
                .contains("0% (0/4 chunks)", "there is nothing to undo");
    }
}
