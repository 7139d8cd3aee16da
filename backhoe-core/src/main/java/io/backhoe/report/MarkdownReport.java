package io.backhoe.report;

import io.backhoe.report.Section.Block;
import io.backhoe.report.Section.Command;
import io.backhoe.report.Section.Drawing;
import io.backhoe.report.Section.Facts;
import io.backhoe.report.Section.Table;
import io.backhoe.report.Section.Text;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/** A run as Markdown (CommonMark with tables). What others have named cannot make headings, links or HTML of it. */
public final class MarkdownReport {
    private MarkdownReport() {}

    /** How every such report begins. */
    public static final String BEGINNING = "# Backfill Progress: ";

    /** @param flags what a command needs to find the same database, with a leading space, or nothing */
    public static String write(RunAccount account, String flags) {
        var outline = new Outline(account, flags);
        var selection = Selection.of(account.report().chunks());
        var standing = Standing.of(account);
        var out = new StringBuilder();
        out.append("# ").append(Escape.markdown(outline.title())).append("\n\n");
        block(outline.head(), out);
        out.append("## Progress\n\n`").append(standing.bar()).append("` ").append(standing);
        out.append(account.run().undoing() ? " taken back\n\n" : "\n\n");
        if (!selection.shown().isEmpty()) {
            block(outline.chunks(selection), out);
        }
        outline.legend(selection).forEach(b -> block(b, out));
        block(outline.figures(), out);
        for (Section section : outline.rest()) {
            out.append("## ").append(section.title()).append("\n\n");
            section.blocks().forEach(b -> block(b, out));
        }
        return out.toString().stripTrailing() + "\n";
    }

    private static void block(Block block, StringBuilder out) {
        if (block instanceof Facts facts) {
            // Two blanks at the end keep each on a line of its own.
            out.append(facts.facts().stream()
                    .map(f -> "**" + f.label() + ":** " + Escape.markdown(f.text()))
                    .collect(Collectors.joining("  \n")));
        } else if (block instanceof Table table) {
            out.append(row(table.heads()));
            out.append(row(Collections.nCopies(table.heads().size(), "---")));
            table.rows()
                    .forEach(cells ->
                            out.append(row(cells.stream().map(Escape::markdown).toList())));
            out.setLength(out.length() - 1);
        } else if (block instanceof Command command) {
            out.append("    ").append(Escape.oneLine(command.line()));
        } else if (block instanceof Drawing drawing) {
            out.append(drawing.lines().stream()
                    .map(line -> "    " + Escape.oneLine(line))
                    .collect(Collectors.joining("\n")));
        } else if (block instanceof Text text) {
            out.append(Escape.markdown(text.text()));
        }
        out.append("\n\n");
    }

    private static String row(List<String> cells) {
        return "| " + String.join(" | ", cells) + " |\n";
    }
}
