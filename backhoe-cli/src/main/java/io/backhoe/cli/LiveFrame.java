package io.backhoe.cli;

import io.backhoe.run.ChunkProgress;
import io.backhoe.run.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One picture of a run for a screen of some size: exactly as many lines as it has, none wider than it is. What does not fit
 * on a line goes on on the next, as long as there is room; on a low screen there are no empty lines.
 */
final class LiveFrame {
    private static final int MOST_EVENTS = 8;
    private static final int FEWEST_EVENTS = 3;
    private static final int WIDEST_BAR = 100;
    private static final int CHUNK_BAR = 16;
    private static final int LEAST_CHUNK_BAR = 4;
    private static final int WIDEST_ID = 24;
    private static final int LOW = 20;
    private static final int LABEL = 14;
    private static final int MOST_OF_WHY = 5;

    private final LiveState state;
    private final int width;
    private final int height;
    private final Glyphs glyphs;
    private final Folded folded;

    private LiveFrame(LiveState state, int width, int height, Glyphs glyphs) {
        this.state = state;
        this.width = width;
        this.height = height;
        this.glyphs = glyphs;
        this.folded = new Folded(width, glyphs.dots());
    }

    /**
     * @param width columns, at least 1
     * @param height lines, at least 1
     */
    static List<String> lines(LiveState state, int width, int height, Glyphs glyphs) {
        return new LiveFrame(state, width, height, glyphs).lines();
    }

    private List<String> lines() {
        var foot = foot();
        int room = height - foot.size();
        var all = new ArrayList<String>();
        Progress progress = state.progress();
        if (progress == null) {
            all.add("");
            all.add(folded.clipped(" starting" + glyphs.dots()));
        } else {
            head(progress, all);
            body(progress, all, room);
        }
        while (all.size() < room) {
            all.add("");
        }
        var shown = new ArrayList<>(all.subList(0, Math.max(0, room)));
        shown.addAll(foot);
        return shown;
    }

    private boolean isLow() {
        return height < LOW;
    }

    private List<String> foot() {
        String said = state.said();
        int most = Math.max(1, Math.min(3, height / 4));
        return said == null
                ? List.of(glyphs.faint(folded.clipped(" " + state.keys())))
                : folded.lines(" " + said, 1, most).stream()
                        .map(glyphs::warning)
                        .toList();
    }

    private void head(Progress p, List<String> to) {
        to.add(title(p));
        to.add(folded.clipped(" " + p.table()));
        blank(to);
        int percent = percent(p);
        String after = "  " + percent + " %";
        int bar = Math.min(WIDEST_BAR, width - after.length() - 4);
        to.add(bar < 5 ? folded.clipped(after) : " " + glyphs.bar(percent / 100.0, bar) + glyphs.bold(after));
        said(to, "done         " + done(p));
        said(to, "speed        " + speed(p));
        String limit = "limited by   " + p.pace().limit();
        String batch = PacePage.batch(p.pace());
        if (batch == null) {
            said(to, limit);
        } else if (Columns.of(limit + batch) + 12 <= width) {
            said(to, limit + "; a batch: " + batch);
        } else {
            said(to, limit);
            said(to, "a batch      " + batch);
        }
        state.asked().why().stream().limit(MOST_OF_WHY).forEach(line -> said(to, line));
        blank(to);
    }

    private void blank(List<String> to) {
        if (!isLow()) {
            to.add("");
        }
    }

    private void said(List<String> to, String text) {
        to.addAll(folded.lines(" " + text, LABEL, 2));
    }

    private String title(Progress p) {
        String behindName = "   run " + p.runId() + "   ";
        String word = p.state().name();
        String right = Figures.time(p.elapsed()) + " ";
        int free = width - behindName.length() - word.length() - right.length() - 2;
        String name = Columns.clipped(folded.clean(p.name()), Math.max(0, free), free > 3 ? glyphs.dots() : "");
        if (Columns.of(name) < Math.min(8, Columns.of(p.name()))) {
            return glyphs.bold(folded.clipped(" " + p.name() + behindName + word));
        }
        String left = " " + name + behindName;
        return glyphs.bold(left)
                + glyphs.state(word)
                + " ".repeat(width - Columns.of(left) - word.length() - right.length())
                + right;
    }

    private static int percent(Progress p) {
        return p.chunksDone() == p.chunks() ? 100 : Figures.percent(p.examined(), p.estimatedRows());
    }

    private static String done(Progress p) {
        return Figures.count(p.chunksDone()) + "/" + Figures.count(p.chunks()) + " chunks"
                + (p.chunksFailed() > 0 ? " (" + p.chunksFailed() + " failed)" : "")
                + ", " + Figures.count(p.examined()) + " of about " + Figures.rows(p.estimatedRows())
                + (p.quarantined() > 0 ? ", " + Figures.count(p.quarantined()) + " set aside" : "");
    }

    private static String speed(Progress p) {
        Double rate = p.pace().rowsPerSecond();
        return (rate == null ? "measuring" : Figures.count(Math.round(rate)) + " rows/s") + ", "
                + (p.chunksDone() == p.chunks() ? "all done" : Figures.left(p));
    }

    /** Chunks and, below them, what happened; {@code all} holds what is above them. */
    private void body(Progress p, List<String> all, int height) {
        int blanks = isLow() ? 0 : 2;
        int room = height - all.size() - blanks;
        if (room <= 0) {
            return;
        }
        int events = Math.min(Math.min(MOST_EVENTS, state.events().size()), Math.max(FEWEST_EVENTS, room / 3));
        int most = Math.max(isLow() ? Math.min(room, 2) : 0, room - events);
        int before = all.size();
        if (state.asked().chunks().isEmpty()) {
            chunks(p, all, most);
        } else {
            table(state.asked(), all, most);
        }
        int left = room - (all.size() - before);
        blank(all);
        events(all, Math.min(MOST_EVENTS, left));
    }

    private void chunks(Progress p, List<String> to, int room) {
        var running = p.running();
        int id = running.stream().mapToInt(c -> Columns.of(c.id())).max().orElse(0);
        boolean all = running.size() <= room;
        int shown = all ? running.size() : Math.max(0, room - 1);
        running.stream().limit(shown).forEach(c -> to.add(chunk(c, Math.min(id, WIDEST_ID))));
        more(to, running.size() - shown, room);
    }

    /** Of a table that is longer than the room its head, and what is around the line that is to be seen. */
    private void table(LiveState.Asked asked, List<String> to, int room) {
        var lines = asked.chunks();
        int shown = lines.size() <= room ? lines.size() - 1 : Math.max(0, room - 2);
        int from = Math.max(1, Math.min(asked.focus() - 1, lines.size() - shown));
        if (room > 0) {
            to.add(glyphs.faint(folded.clipped(lines.get(0))));
        }
        lines.subList(from, from + shown).forEach(line -> to.add(folded.clipped(line)));
        more(to, lines.size() - 1 - shown, room - 1);
    }

    private void more(List<String> to, int left, int room) {
        if (left > 0 && room > 0) {
            to.add(folded.clipped(" and " + left + " more"));
        }
    }

    private String chunk(ChunkProgress c, int idWidth) {
        double share = c.estimatedRows() <= 0 ? 0 : Math.min(0.99, (double) c.examined() / c.estimatedRows());
        String front = " " + Columns.padded(Columns.clipped(folded.clean(c.id()), idWidth, ""), idWidth) + "  ";
        String behind = String.format(Locale.ROOT, "  %2d %%", (int) (share * 100));
        String rows = "  " + Figures.count(c.examined()) + " of about " + Figures.count(c.estimatedRows())
                + (c.workers() > 1 ? ", " + c.workers() + " workers" : "");
        // Two of it are around a bar without Unicode.
        int bar = Math.min(CHUNK_BAR, width - Columns.of(front) - behind.length() - rows.length() - 2);
        if (bar >= LEAST_CHUNK_BAR) {
            return front + glyphs.bar(share, bar) + behind + rows;
        }
        return folded.clipped(front + behind.strip() + rows);
    }

    /** The newest at the bottom; what does not fit on one line takes another, as long as there is one. */
    private void events(List<String> to, int room) {
        var shown = new ArrayList<String>();
        var events = state.events();
        for (int i = events.size() - 1; i >= 0 && shown.size() < room; i--) {
            shown.addAll(0, folded.lines(" " + events.get(i), LABEL, Math.min(3, room - shown.size())));
        }
        shown.forEach(line -> to.add(glyphs.faint(line)));
    }
}
