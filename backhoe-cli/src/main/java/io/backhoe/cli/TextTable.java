package io.backhoe.cli;

import java.util.ArrayList;
import java.util.List;

/** Aligned columns, two spaces apart and two from the left. Not thread-safe. */
final class TextTable {
    private final List<String> heads;
    private final List<List<String>> rows = new ArrayList<>();

    /** @param heads of the columns; one that begins with {@code >} is set to the right */
    TextTable(String... heads) {
        this.heads = List.of(heads);
    }

    void row(String... cells) {
        if (cells.length != heads.size()) {
            throw new IllegalArgumentException(cells.length + " cells for " + heads.size() + " columns");
        }
        rows.add(List.of(cells));
    }

    List<String> lines() {
        var widths = new int[heads.size()];
        for (int i = 0; i < widths.length; i++) {
            widths[i] = Columns.of(head(i));
            for (var row : rows) {
                widths[i] = Math.max(widths[i], Columns.of(row.get(i)));
            }
        }
        var lines = new ArrayList<String>();
        var first = new ArrayList<String>();
        for (int i = 0; i < widths.length; i++) {
            first.add(head(i));
        }
        lines.add(line(first, widths));
        rows.forEach(row -> lines.add(line(row, widths)));
        return lines;
    }

    private String line(List<String> cells, int[] widths) {
        var line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String cell = cells.get(i);
            String pad = " ".repeat(widths[i] - Columns.of(cell));
            line.append("  ").append(right(i) ? pad + cell : cell + pad);
        }
        return line.toString().stripTrailing();
    }

    private boolean right(int column) {
        return heads.get(column).startsWith(">");
    }

    private String head(int column) {
        return right(column) ? heads.get(column).substring(1) : heads.get(column);
    }
}
