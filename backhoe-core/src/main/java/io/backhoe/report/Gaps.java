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

/**
 * What was missing before a run, what it inserted, and what is left: by the ledger, as of the run's own work. Of a derived table
 * the ledger does not know what is left, because rows that are updated or deleted are changed too.
 */
record Gaps(RunAccount account) {
    private static final int MOST_ROWS = 366;
    private static final int STRIP = 73;

    List<Block> blocks() {
        var chunks = account.report().chunks().stream()
                .filter(c -> account.gaps().containsKey(c.number()))
                .toList();
        var blocks = new ArrayList<Block>();
        var calendar = GapCalendar.of(chunks);
        blocks.add(new Text((account.derived() ? "Before, a sign for each " : "Before and after, a sign for each ")
                + (calendar == null ? "chunk in its order" : "period")
                + legend()));
        if (calendar != null) {
            blocks.add(new Drawing(
                    account.derived() ? calendar.before(this::before) : calendar.lines(this::before, this::after)));
        } else {
            blocks.add(new Command("before  " + strip(chunks, c -> gap(c).missing())));
            if (!account.derived()) {
                blocks.add(new Command("after   " + strip(chunks, this::left)));
            }
        }
        var lacking = chunks.stream().filter(this::isTold).toList();
        if (!lacking.isEmpty()) {
            blocks.add(new Table(
                    account.derived()
                            ? List.of("Chunk", "Expected", "Missing or Different Before", "Changed", "Set Aside")
                            : List.of("Chunk", "Expected", "Missing Before", "Inserted", "Set Aside", "Still Missing"),
                    lacking.stream().limit(MOST_ROWS).map(this::row).toList()));
        }
        if (lacking.size() > MOST_ROWS) {
            blocks.add(new Text(Numbers.count((long) lacking.size() - MOST_ROWS) + " more chunks lacked rows."));
        }
        blocks.add(
                new Text(
                        account.derived()
                                ? "Changed are the rows that this run inserted, updated or deleted; what is still missing or different"
                                        + " cannot be reckoned from that: the check verify_no_gaps, which asks the query again, says it."
                                : "Still missing is what was missing before less what this run inserted; rows that others have"
                                        + " inserted since are found by the check verify_no_gaps, which asks the query again."));
        return blocks;
    }

    private String legend() {
        String what = account.derived() ? "missing or different" : "missing";
        return ": # all " + what + ", 9 to 1 tenths " + what + ", . nothing " + what + ", _ no rows expected.";
    }

    /** A derived table may also have rows that are to go. */
    private boolean isTold(ChunkRecord chunk) {
        return gap(chunk).missing() > 0 || (account.derived() && written(chunk) + chunk.quarantined() > 0);
    }

    private char before(ChunkRecord chunk) {
        return sign(gap(chunk).expected(), gap(chunk).missing());
    }

    private char after(ChunkRecord chunk) {
        return sign(gap(chunk).expected(), left(chunk));
    }

    private List<String> row(ChunkRecord chunk) {
        var cells = new ArrayList<String>();
        cells.add(ChunkText.clipped(chunk.id(), 80));
        cells.add(Numbers.count(gap(chunk).expected()));
        cells.add(Numbers.count(gap(chunk).missing()));
        cells.add(Numbers.count(written(chunk)));
        cells.add(Numbers.count(chunk.quarantined()));
        if (!account.derived()) {
            cells.add(Numbers.count(left(chunk)));
        }
        return cells;
    }

    private Gap gap(ChunkRecord chunk) {
        return account.gaps().getOrDefault(chunk.number(), new Gap(0, 0));
    }

    /** Of a chunk that was taken back, nothing is there of what was written but what was kept. */
    private static long written(ChunkRecord chunk) {
        return chunk.state() == ChunkState.ROLLED_BACK ? chunk.kept() : chunk.changed();
    }

    private long left(ChunkRecord chunk) {
        return Math.max(0, gap(chunk).missing() - written(chunk));
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
