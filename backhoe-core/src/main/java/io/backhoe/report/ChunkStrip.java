package io.backhoe.report;

import io.backhoe.ledger.ChunkRecord;
import io.backhoe.value.ChunkState;
import java.util.List;
import java.util.Locale;

/**
 * Chunks as cells in their order, each with its sign and filled as far as it is done. Of very many, a cell stands for
 * several, with the sign of the one that most needs a look.
 */
final class ChunkStrip {
    private static final int MOST = 366;
    private static final int WIDTH = 960;
    private static final int HEIGHT = 34;
    private static final List<ChunkState> FIRST = List.of(
            ChunkState.FAILED,
            ChunkState.RUNNING,
            ChunkState.PENDING,
            ChunkState.ROLLED_BACK,
            ChunkState.SUCCESS,
            ChunkState.SKIPPED);

    private final List<ChunkRecord> chunks;

    ChunkStrip(List<ChunkRecord> chunks) {
        this.chunks = chunks;
    }

    String svg() {
        if (chunks.isEmpty()) {
            return "";
        }
        int each = (chunks.size() + MOST - 1) / MOST;
        int cells = (chunks.size() + each - 1) / each;
        int columns = Math.min(cells, cells <= 60 ? 12 : 31);
        int rows = (cells + columns - 1) / columns;
        int width = WIDTH / columns;
        var out = new StringBuilder("<svg viewBox=\"0 0 " + WIDTH + " " + rows * HEIGHT
                + "\" role=\"img\" aria-label=\"" + Escape.html(counts(chunks)) + "\">\n");
        for (int cell = 0; cell < cells; cell++) {
            var of = chunks.subList(cell * each, Math.min(chunks.size(), (cell + 1) * each));
            cell(of, cell % columns * width, cell / columns * HEIGHT, width - 3, out);
        }
        out.append("</svg>\n<p class=\"soft\">").append(Escape.html(counts(chunks)));
        if (each > 1) {
            out.append(". A cell stands for ").append(each).append(" chunks");
        }
        return out.append(".</p>\n").toString();
    }

    private static void cell(List<ChunkRecord> of, int x, int y, int width, StringBuilder out) {
        var state = FIRST.stream()
                .filter(s -> of.stream().anyMatch(c -> c.state() == s))
                .findFirst()
                .orElseThrow();
        double done = of.stream().mapToDouble(ChunkStrip::done).average().orElse(0);
        int height = HEIGHT - 4;
        String title = of.size() == 1
                ? of.get(0).id() + ": " + ChunkText.status(of.get(0)) + ", "
                        + Numbers.of(of.get(0).changed(), "row") + " changed"
                : of.get(0).id() + " and " + (of.size() - 1) + " after it: " + counts(of);
        out.append(String.format(
                Locale.ROOT,
                """
                <g><title>%s</title><rect class="cell" x="%d" y="%d" width="%d" height="%d" rx="3" />\
                <rect class="%s" x="%d" y="%d" width="%d" height="4" />\
                <text x="%d" y="%d" text-anchor="middle">%s%s</text></g>
                """,
                Escape.html(ChunkText.clipped(title, 300)),
                x,
                y,
                width,
                height,
                css(state),
                x,
                y + height - 4,
                Math.round(width * done),
                x + width / 2,
                y + 17,
                ChunkText.sign(state),
                width > 60 ? " " + Escape.html(ChunkText.clipped(of.get(0).id(), width / 9)) : ""));
    }

    private static double done(ChunkRecord chunk) {
        return switch (chunk.state()) {
            case SUCCESS, SKIPPED, FAILED, ROLLED_BACK -> 1;
            case PENDING, RUNNING -> Numbers.percent(chunk.examined(), chunk.estimatedRows()) / 100.0;
        };
    }

    private static String css(ChunkState state) {
        return switch (state) {
            case ROLLED_BACK -> "back";
            case PENDING -> "running";
            default -> ChunkText.word(state);
        };
    }

    /** {@code ✓ 7 done, ▶ 2 running, ○ 3 waiting}. */
    private static String counts(List<ChunkRecord> of) {
        var text = new StringBuilder();
        for (ChunkState state : FIRST) {
            long count = of.stream().filter(c -> c.state() == state).count();
            if (count > 0) {
                text.append(text.isEmpty() ? "" : ", ")
                        .append(ChunkText.sign(state))
                        .append(' ');
                text.append(Numbers.count(count)).append(' ').append(ChunkText.word(state));
            }
        }
        return text.toString();
    }
}
