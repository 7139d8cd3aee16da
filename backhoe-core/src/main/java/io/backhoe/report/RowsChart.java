package io.backhoe.report;

import io.backhoe.ledger.ChunkRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** Rows changed over the time of the run, as the ends of its chunks tell it. */
final class RowsChart {
    private static final int LEFT = 90;
    private static final int RIGHT = 940;
    private static final int TOP = 16;
    private static final int BOTTOM = 200;
    private static final int MOST = 300;

    private record Point(Instant at, long rows) {}

    private final RunAccount account;

    RowsChart(RunAccount account) {
        this.account = account;
    }

    /** Nothing while there is nothing to be seen. */
    String svg() {
        Instant start = account.run().startedAt();
        var points = start == null ? List.<Point>of() : points(start);
        if (start == null || points.size() < 3) {
            return "";
        }
        Instant end = points.get(points.size() - 1).at();
        long most = points.get(points.size() - 1).rows();
        double span = Duration.between(start, end).toMillis();
        if (span <= 0 || most == 0) {
            return "";
        }
        var out = new StringBuilder(String.format(
                Locale.ROOT,
                "<svg viewBox=\"0 0 960 230\" role=\"img\" aria-label=\"%s changed from %s to %s\">\n",
                Numbers.of(most, "row"),
                Numbers.instant(start),
                Numbers.instant(end)));
        gaps(start, end, span, out);
        out.append("<polyline class=\"curve\" points=\"");
        for (Point point : points) {
            double y = BOTTOM - (BOTTOM - TOP) * (point.rows() / (double) most);
            out.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(start, point.at(), span), y));
        }
        out.append("\" />\n");
        out.append(String.format(
                Locale.ROOT,
                """
                <line class="axis" x1="%1$d" y1="%3$d" x2="%2$d" y2="%3$d" /><line class="axis" x1="%1$d" y1="%4$d" x2="%1$d" y2="%3$d" />
                <text x="%5$d" y="%6$d" text-anchor="end">%7$s</text><text x="%5$d" y="%3$d" text-anchor="end">0</text>
                <text x="%1$d" y="%8$d">%9$s</text><text x="%2$d" y="%8$d" text-anchor="end">%10$s</text>
                </svg>
                """,
                LEFT,
                RIGHT,
                BOTTOM,
                TOP,
                LEFT - 6,
                TOP + 10,
                Numbers.count(most),
                BOTTOM + 20,
                Numbers.instant(start),
                Numbers.instant(end)));
        return out.toString();
    }

    /** Where nobody worked. */
    private void gaps(Instant start, Instant end, double span, StringBuilder out) {
        Instant worked = start;
        for (var stretch : account.timeline().stretches()) {
            if (stretch.from().isAfter(worked)) {
                gap(x(start, worked, span), x(start, stretch.from(), span), out);
            }
            worked = stretch.to().isAfter(worked) ? stretch.to() : worked;
        }
        if (end.isAfter(worked)) {
            gap(x(start, worked, span), x(start, end, span), out);
        }
    }

    private static void gap(double from, double to, StringBuilder out) {
        double right = Math.min(RIGHT, to);
        if (right - from >= 1) {
            out.append(String.format(
                    Locale.ROOT,
                    "<rect class=\"gap\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\"><title>no process worked on it</title></rect>\n",
                    from,
                    TOP,
                    right - from,
                    BOTTOM - TOP));
        }
    }

    private static double x(Instant start, Instant at, double span) {
        return LEFT + (RIGHT - LEFT) * Math.max(0, Duration.between(start, at).toMillis()) / span;
    }

    private List<Point> points(Instant start) {
        var ended = account.report().chunks().stream()
                .filter(c -> c.endedAt() != null && c.changed() > 0)
                .sorted(Comparator.comparing(c -> Objects.requireNonNull(c.endedAt())))
                .toList();
        int step = Math.max(1, ended.size() / MOST);
        var points = new ArrayList<Point>();
        points.add(new Point(start, 0));
        long rows = 0;
        for (int i = 0; i < ended.size(); i++) {
            ChunkRecord chunk = ended.get(i);
            rows += chunk.changed();
            if (i % step == 0 || i == ended.size() - 1) {
                points.add(new Point(Objects.requireNonNull(chunk.endedAt()), rows));
            }
        }
        if (account.going() && !account.run().undoing()) {
            points.add(new Point(account.readAt(), account.report().changed()));
        }
        return points;
    }
}
