package io.backhoe.bench;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Seconds by each way as an SVG: a bar to the median, and a line from the lowest to the highest. */
final class FillChart {
    private static final int WIDTH = 900;
    private static final int LEFT = 210;
    private static final int RIGHT = 780;
    private static final int TOP = 44;
    private static final int ROW = 38;

    private final Map<String, List<FillSample>> samples;
    private final double most;

    FillChart(Map<String, List<FillSample>> samples) {
        this.samples = samples;
        this.most = samples.values().stream()
                .flatMap(List::stream)
                .mapToDouble(FillSample::seconds)
                .max()
                .orElse(1);
    }

    String svg() {
        var out = new StringBuilder(String.format(Locale.ROOT, """
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="13">
                <rect width="100%%" height="100%%" fill="#fff" />
                <text x="10" y="24" font-size="15">Seconds: median, lowest to highest</text>
                """, WIDTH, TOP + ROW * samples.size() + 10));
        int y = TOP;
        for (var entry : samples.entrySet()) {
            row(out, y, entry.getKey(), entry.getValue());
            y += ROW;
        }
        return out.append("</svg>\n").toString();
    }

    private void row(StringBuilder out, int y, String name, List<FillSample> taken) {
        double median = Median.of(taken, FillSample::seconds);
        double lowest =
                place(taken.stream().mapToDouble(FillSample::seconds).min().orElse(0));
        double highest =
                place(taken.stream().mapToDouble(FillSample::seconds).max().orElse(0));
        out.append(String.format(
                Locale.ROOT,
                """
                <text x="10" y="%1$d">%2$s</text>
                <rect x="%3$d" y="%4$d" width="%5$.1f" height="22" fill="%6$s" />
                <line x1="%7$.1f" y1="%8$d" x2="%9$.1f" y2="%8$d" stroke="#333" stroke-width="2" />
                <text x="%10$.1f" y="%1$d">%11$.1f</text>
                """,
                y + 21,
                name,
                LEFT,
                y + 5,
                place(median) - LEFT,
                name.startsWith("Backhoe") ? "#4292c6" : "#bdbdbd",
                lowest,
                y + 16,
                highest,
                highest + 8,
                median));
    }

    private double place(double seconds) {
        return LEFT + (RIGHT - LEFT) * seconds / most;
    }
}
