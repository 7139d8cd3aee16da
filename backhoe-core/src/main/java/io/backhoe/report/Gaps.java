package io.backhoe.report;

import io.backhoe.ledger.ChunkRecord;
import io.backhoe.ledger.GapTable.Gap;
import io.backhoe.report.Section.Block;
import io.backhoe.report.Section.Command;
import io.backhoe.report.Section.Drawing;
import io.backhoe.report.Section.Table;
import io.backhoe.report.Section.Text;
import io.backhoe.value.ChunkState;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/** What was missing before a run, what it inserted, and what is left: by the ledger, as of the run's own work. */
record Gaps(RunAccount account) {
    private static final int MOST_ROWS = 366;
    private static final int STRIP = 73;

    List<Block> blocks() {
        var chunks = account.report().chunks().stream()
                .filter(c -> account.gaps().containsKey(c.number()))
                .toList();
        var blocks = new ArrayList<Block>();
        var calendar = GapCalendar.of(chunks);
        blocks.add(new Text("Before and after, a sign for each " + (calendar == null ? "chunk in its order" : "period")
                + ": # all missing, 9 to 1 tenths missing, . nothing missing, _ no rows expected."));
        if (calendar == null) {
            blocks.add(new Command("before  " + strip(chunks, c -> gap(c).missing())));
            blocks.add(new Command("after   " + strip(chunks, this::left)));
        } else {
            blocks.add(new Drawing(calendar.lines(
                    c -> sign(gap(c).expected(), gap(c).missing()), c -> sign(gap(c).expected(), left(c)))));
        }
        var lacking = chunks.stream().filter(c -> gap(c).missing() > 0).toList();
        if (!lacking.isEmpty()) {
            blocks.add(new Table(
                    List.of("Chunk", "Expected", "Missing Before", "Inserted", "Set Aside", "Still Missing"),
                    lacking.stream().limit(MOST_ROWS).map(this::row).toList()));
        }
        if (lacking.size() > MOST_ROWS) {
            blocks.add(new Text(Numbers.count((long) lacking.size() - MOST_ROWS) + " more chunks lacked rows."));
        }
        blocks.add(
                new Text("Still missing is what was missing before less what this run inserted; rows that others have"
                        + " inserted since are found by the check verify_no_gaps, which asks the query again."));
        return blocks;
    }

    private List<String> row(ChunkRecord chunk) {
        return List.of(
                ChunkText.clipped(chunk.id(), 80),
                Numbers.count(gap(chunk).expected()),
                Numbers.count(gap(chunk).missing()),
                Numbers.count(inserted(chunk)),
                Numbers.count(chunk.quarantined()),
                Numbers.count(left(chunk)));
    }

    private Gap gap(ChunkRecord chunk) {
        return account.gaps().getOrDefault(chunk.number(), new Gap(0, 0));
    }

    /** Of a chunk that was taken back, nothing is there of what was inserted but what was kept. */
    private static long inserted(ChunkRecord chunk) {
        return chunk.state() == ChunkState.ROLLED_BACK ? chunk.kept() : chunk.changed();
    }

    private long left(ChunkRecord chunk) {
        return Math.max(0, gap(chunk).missing() - inserted(chunk));
    }

    private String strip(List<ChunkRecord> chunks, ToLongFunction<ChunkRecord> missing) {
        var signs = new StringBuilder();
        int each = Math.max(1, (chunks.size() + STRIP - 1) / STRIP);
        for (int from = 0; from < chunks.size(); from += each) {
            var of = chunks.subList(from, Math.min(chunks.size(), from + each));
            signs.append(sign(
                    of.stream().mapToLong(c -> gap(c).expected()).sum(),
                    of.stream().mapToLong(missing).sum()));
        }
        return each == 1 ? signs.toString() : signs + "  (" + each + " chunks a sign)";
    }

    /** As the calendar of {@code backhoe assess} has them. */
    static char sign(long expected, long missing) {
        if (expected == 0) {
            return '_';
        } else if (missing == 0) {
            return '.';
        }
        return missing >= expected
                ? '#'
                : (char) ('0' + Math.min(9, Math.max(1, Math.round(10.0 * missing / expected))));
    }
}
