package io.backhoe.cli;

import io.backhoe.run.ChunkProgress;
import io.backhoe.run.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** One picture of a run for a screen of some size: exactly as many lines as it has, none wider than it is. */
final class LiveFrame {
    private static final int MOST_EVENTS = 8;
    private static final int FEWEST_EVENTS = 3;
    private static final int WIDEST_BAR = 100;
    private static final int CHUNK_BAR = 16;
    private static final int WIDEST_ID = 24;

    private final LiveState state;
    private final int width;
    private final int height;
    private final Glyphs glyphs;

    private LiveFrame(LiveState state, int width, int height, Glyphs glyphs) {
        this.state = state;
        this.width = width;
        this.height = height;
        this.glyphs = glyphs;
    }

    /**
     * @param width columns, at least 1
     * @param height lines, at least 1
     */
    static List<String> lines(LiveState state, int width, int height, Glyphs glyphs) {
        return new LiveFrame(state, width, height, glyphs).lines();
    }

    private List<String> lines() {
        var top = new ArrayList<String>();
        Progress progress = state.progress();
        if (progress == null) {
            top.add("");
            top.add(clipped(" starting" + glyphs.dots()));
        } else {
            head(progress, top);
        }
        int room = height - top.size() - 2;
        if (progress != null && room > 0) {
            int events = Math.min(Math.min(MOST_EVENTS, state.events().size()), Math.max(FEWEST_EVENTS, room / 3));
            chunks(progress, top, room - events - 2);
            events(top, Math.min(events, height - top.size() - 3));
        }
        while (top.size() < height - 1) {
            top.add("");
        }
        var all = new ArrayList<>(top.subList(0, Math.max(0, height - 1)));
        all.add(foot());
        return all;
    }

    private String foot() {
        String said = state.said();
        return said == null ? glyphs.faint(clipped(" " + state.keys())) : glyphs.warning(clipped(" " + said));
    }

    private void head(Progress p, List<String> to) {
        String left = " " + p.name() + "   run " + p.runId() + "   ";
        String right = Figures.time(p.elapsed()) + " ";
        String word = p.state().name();
        int gap = width - Columns.of(left) - word.length() - right.length();
        to.add(
                gap > 0
                        ? glyphs.bold(left) + glyphs.state(word) + " ".repeat(gap) + right
                        : glyphs.bold(clipped(left + word)));
        to.add(clipped(" " + p.table()));
        to.add("");
        int percent = percent(p);
        String after = "  " + percent + " %";
        int bar = Math.min(WIDEST_BAR, width - after.length() - 4);
        to.add(bar < 5 ? clipped(after) : " " + glyphs.bar(percent / 100.0, bar) + glyphs.bold(after));
        to.add(clipped(" " + done(p)));
        to.add(clipped(" " + speed(p)));
        to.add(clipped(" limited by   " + PacePage.limit(p.pace())));
        to.add("");
    }

    private static int percent(Progress p) {
        return p.chunksDone() == p.chunks() ? 100 : Figures.percent(p.examined(), p.estimatedRows());
    }

    private static String done(Progress p) {
        return "done         " + Figures.count(p.chunksDone()) + "/" + Figures.count(p.chunks()) + " chunks"
                + (p.chunksFailed() > 0 ? " (" + p.chunksFailed() + " failed)" : "")
                + ", " + Figures.count(p.examined()) + " of about " + Figures.rows(p.estimatedRows())
                + (p.quarantined() > 0 ? ", " + Figures.count(p.quarantined()) + " set aside" : "");
    }

    private static String speed(Progress p) {
        Double rate = p.pace().rowsPerSecond();
        return "speed        "
                + (rate == null ? "measuring" : Figures.count(Math.round(rate)) + " rows/s") + ", "
                + (p.chunksDone() == p.chunks() ? "all done" : Figures.left(p));
    }

    private void chunks(Progress p, List<String> to, int room) {
        var running = p.running();
        int id = running.stream().mapToInt(c -> Columns.of(c.id())).max().orElse(0);
        boolean all = running.size() <= room;
        int shown = all ? running.size() : Math.max(0, room - 1);
        running.stream().limit(shown).forEach(c -> to.add(chunk(c, Math.min(id, WIDEST_ID))));
        if (!all && room > 0) {
            to.add(clipped(" and " + (running.size() - shown) + " more"));
        }
        to.add("");
    }

    private String chunk(ChunkProgress c, int idWidth) {
        double share = c.estimatedRows() <= 0 ? 0 : Math.min(0.99, (double) c.examined() / c.estimatedRows());
        String front = " " + Columns.padded(Columns.clipped(c.id(), idWidth, ""), idWidth) + "  ";
        String behind = String.format(Locale.ROOT, "  %2d %%", (int) (share * 100));
        String rows = "  " + Figures.count(c.examined()) + " of about " + Figures.count(c.estimatedRows())
                + (c.workers() > 1 ? ", " + c.workers() + " workers" : "");
        int free = width - Columns.of(front) - behind.length() - CHUNK_BAR - 3;
        if (free < 0) {
            return clipped(front + behind.strip());
        }
        return front + glyphs.bar(share, CHUNK_BAR) + behind + (rows.length() <= free ? rows : "");
    }

    private void events(List<String> to, int room) {
        var events = state.events();
        events.stream()
                .skip(Math.max(0, events.size() - Math.max(0, room)))
                .forEach(e -> to.add(glyphs.faint(clipped(" " + e))));
    }

    private String clipped(String text) {
        int[] points =
                text.codePoints().map(c -> Character.isISOControl(c) ? ' ' : c).toArray();
        return Columns.clipped(new String(points, 0, points.length), width, width > 3 ? glyphs.dots() : "");
    }
}
