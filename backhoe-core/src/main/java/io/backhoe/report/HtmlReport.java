package io.backhoe.report;

import io.backhoe.report.Section.Block;
import io.backhoe.report.Section.Command;
import io.backhoe.report.Section.Drawing;
import io.backhoe.report.Section.Facts;
import io.backhoe.report.Section.Table;
import io.backhoe.report.Section.Text;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A run as one HTML file that needs nothing else: no script, no network. It is well-formed XML too, and stays under 2 MB
 * however many chunks there are.
 */
public final class HtmlReport {
    private HtmlReport() {}

    /** What only such a file has in its head. */
    public static final String MARK = "<meta name=\"generator\" content=\"backhoe report\" />";

    private static final Set<String> NUMBERS = Set.of("Rows", "Duration", "Attempts");

    private static final String STYLE = """
            :root { color-scheme: light dark; --ink: #1c2024; --soft: #5b636b; --line: #d3d8dd; --page: #ffffff;
              --box: #f4f6f8; --done: #2f8f5b; --running: #2b6cb0; --failed: #c2362b; --back: #8a6d1f; --mark: #1c2024; }
            @media (prefers-color-scheme: dark) {
              :root { --ink: #e6e9ec; --soft: #a2abb4; --line: #3d454d; --page: #14181c; --box: #1f252b;
                --done: #3da26b; --running: #4a8fd8; --failed: #e0594d; --back: #c39c35; --mark: #f2f4f6; } }
            body { margin: 0 auto; max-width: 62rem; padding: 1.5rem; background: var(--page); color: var(--ink);
              font: 16px/1.5 system-ui, sans-serif; overflow-wrap: break-word; }
            h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2rem; }
            dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; margin: 1rem 0; }
            dt { color: var(--soft); } dd { margin: 0; font-variant-numeric: tabular-nums; }
            table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
            th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top; }
            th { color: var(--soft); font-weight: 600; } .number { text-align: right; white-space: nowrap; }
            pre { background: var(--box); padding: .6rem .8rem; overflow-x: auto; }
            progress { width: 60%; height: 1.1rem; accent-color: var(--done); }
            svg { width: 100%; height: auto; display: block; margin: .8rem 0; } svg text { fill: var(--ink); font: 12px system-ui, sans-serif; }
            .cell { fill: var(--box); stroke: var(--line); } .axis { stroke: var(--soft); } .gap { fill: var(--line); }
            .done { fill: var(--done); } .running { fill: var(--running); } .failed { fill: var(--failed); }
            .back { fill: var(--back); } .waiting, .skipped { fill: var(--line); } .curve { fill: none; stroke: var(--running); stroke-width: 2; }
            .band { fill: var(--running); opacity: .45; } .actual { stroke: var(--mark); stroke-width: 3; }
            .soft { color: var(--soft); }
            """;

    /** @param flags what a command needs to find the same database, with a leading space, or nothing */
    public static String write(RunAccount account, String flags) {
        var outline = new Outline(account, flags);
        var out = new StringBuilder();
        String title = Escape.html(outline.title());
        out.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\" />\n")
                .append(MARK)
                .append("\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\" />\n<title>")
                .append(title)
                .append("</title>\n<style>\n")
                .append(STYLE)
                .append("</style>\n</head>\n<body>\n<h1>")
                .append(title)
                .append("</h1>\n");
        block(outline.head(), out);
        progress(account, outline, out);
        for (Section section : outline.rest()) {
            heading(section.title(), out);
            if (section.title().equals(Outline.FORECAST)) {
                out.append(new ForecastChart(account).svg());
            }
            section.blocks().forEach(b -> block(b, out));
        }
        return out.append("</body>\n</html>\n").toString();
    }

    private static void progress(RunAccount account, Outline outline, StringBuilder out) {
        var standing = Standing.of(account);
        var chunks = account.report().chunks();
        var selection = Selection.of(chunks);
        heading("Progress", out);
        out.append("<p><progress max=\"100\" value=\"")
                .append(standing.percent())
                .append("\" aria-label=\"Progress\"></progress> ")
                .append(standing)
                .append(account.run().undoing() ? " taken back" : "")
                .append("</p>\n");
        block(outline.figures(), out);
        out.append(new ChunkStrip(chunks).svg());
        String curve = new RowsChart(account).svg();
        if (!curve.isEmpty()) {
            heading("Rows Changed over Time", out);
            out.append(curve);
            block(
                    new Text(
                            "The rows of a chunk count from the moment on that it ended; where no process worked on the"
                                    + " run, the ground is grey."),
                    out);
        }
        heading("Chunks", out);
        if (!selection.shown().isEmpty()) {
            block(outline.chunks(selection), out);
        }
        outline.legend(selection).forEach(b -> block(b, out));
    }

    private static void heading(String title, StringBuilder out) {
        out.append("<h2>").append(Escape.html(title)).append("</h2>\n");
    }

    private static void block(Block block, StringBuilder out) {
        if (block instanceof Facts facts) {
            out.append("<dl>\n");
            facts.facts()
                    .forEach(f -> out.append("<dt>")
                            .append(Escape.html(f.label()))
                            .append(":</dt><dd>")
                            .append(Escape.html(f.text()))
                            .append("</dd>\n"));
            out.append("</dl>\n");
        } else if (block instanceof Table table) {
            table(table, out);
        } else if (block instanceof Command command) {
            out.append("<pre><code>").append(Escape.html(command.line())).append("</code></pre>\n");
        } else if (block instanceof Drawing drawing) {
            out.append("<pre>")
                    .append(drawing.lines().stream().map(Escape::html).collect(Collectors.joining("\n")))
                    .append("</pre>\n");
        } else if (block instanceof Text text) {
            out.append("<p>").append(Escape.html(text.text())).append("</p>\n");
        }
    }

    private static void table(Table table, StringBuilder out) {
        out.append("<table>\n<thead><tr>");
        table.heads().forEach(head -> cell("th", head, head, out));
        out.append("</tr></thead>\n<tbody>\n");
        for (var row : table.rows()) {
            out.append("<tr>");
            for (int i = 0; i < row.size(); i++) {
                cell("td", table.heads().get(i), row.get(i), out);
            }
            out.append("</tr>\n");
        }
        out.append("</tbody>\n</table>\n");
    }

    private static void cell(String tag, String head, String text, StringBuilder out) {
        out.append('<').append(tag).append(NUMBERS.contains(head) ? " class=\"number\">" : ">");
        out.append(Escape.html(text)).append("</").append(tag).append('>');
    }
}
