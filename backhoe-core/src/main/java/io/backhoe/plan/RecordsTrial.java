package io.backhoe.plan;

import io.backhoe.database.ColumnFacts;
import io.backhoe.database.DatabaseException;
import io.backhoe.database.Records;
import io.backhoe.database.TableFacts;
import io.backhoe.spec.Spec;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * Finds the records that the server cannot read, column by column: it is given all lines, and where it refuses them the halves,
 * down to the one line. Nothing but the server knows what a value of a type looks like.
 */
final class RecordsTrial {
    /** Whoever has so many wrong ones has taken a wrong file, and learns no more from the rest. */
    private static final int MOST = 1_000;

    private final RecordsLoad load;
    private final Records records;
    private final RecordProblems problems;
    private final TreeSet<Long> bad = new TreeSet<>();
    private int found;

    RecordsTrial(RecordsLoad load, Records records, RecordProblems problems) {
        this.load = load;
        this.records = records;
        this.problems = problems;
    }

    void look(Spec spec, TableFacts table) {
        long[] lines = load.lines();
        for (ColumnFacts column : records.columns()) {
            boolean key = records.key().contains(column);
            String set = spec.requiredTransform().set().get(column.name());
            boolean direct = Records.column(column.name()).equals(set);
            if (key || (direct && column.notNull())) {
                for (long line : load.empty(column, MOST)) {
                    add(
                            line,
                            column.name() + ": is empty, which is NULL, and "
                                    + (key ? "belongs to the key" : "the column of " + table.name() + " is NOT NULL")
                                    + (column.type().equals("text") ? "; an empty text is \"\"" : ""));
                }
            }
            search(column, lines[0], lines[1]);
        }
    }

    /** Whether there are more than anybody would read. */
    boolean tooMany() {
        return found >= MOST;
    }

    /** The lines with something wrong in them. */
    List<Long> bad() {
        return new ArrayList<>(bad);
    }

    private void search(ColumnFacts column, long from, long to) {
        if (tooMany() || column.type().equals("text")) {
            return;
        }
        DatabaseException refusal = load.refusal(column, from, to);
        if (refusal == null) {
            return;
        }
        if (from == to) {
            add(from, column.name() + ": " + said(column, refusal.sqlState()));
            return;
        }
        long middle = from + (to - from) / 2;
        search(column, from, middle);
        search(column, middle + 1, to);
    }

    private void add(long line, String message) {
        bad.add(line);
        found++;
        problems.add(line, message);
    }

    /** Not the server's words: they hold the value. */
    private static String said(ColumnFacts column, String sqlState) {
        return switch (sqlState) {
            case "22P02", "22007", "22P03", "42601" -> "is no " + column.type();
            case "22003", "22008" -> "is out of range for " + column.type();
            case "22001", "22026" -> "is longer than " + column.type() + " allows";
            default -> "does not fit " + column.type() + " (SQLSTATE " + sqlState + ")";
        };
    }
}
