package io.backhoe.bench;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * p50, p95 and p99 beside each way to backfill as an SVG. The scale is of logarithms: a hundred times as long has to stand
 * beside a quarter more.
 */
final class HarmChart {
    private static final int WIDTH = 900;
    private static final int LEFT = 210;
    private static final int RIGHT = 760;
    private static final int TOP = 60;
    private static final int ROW = 54;
    private static final int BAR = 13;
    private static final double LEAST = 0.1;
    private static final List<String> COLOURS = List.of("#9ecae1", "#4292c6", "#08519c");
    private static final List<String> NAMES = List.of("p50", "p95", "p99");

    private final Map<String, List<HarmSample>> samples;
    private final double most;

    HarmChart(Map<String, List<HarmSample>> samples) {
        this.samples = samples;
        this.most = samples.values().stream()
                .mapToDouble(taken -> Median.of(taken, HarmSample::p99))
                .max()
                .orElse(1);
    }

    String svg() {
        int height = TOP + ROW * samples.size() + 10;
        var out = new StringBuilder(String.format(Locale.ROOT, """
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="13">
                <rect width="100%%" height="100%%" fill="#fff" />
                <text x="10" y="22" font-size="15">Latency of the application's transactions, ms (medians, logarithmic)</text>
                """, WIDTH, height));
        for (int i = 0; i < NAMES.size(); i++) {
            out.append(String.format(
                    Locale.ROOT,
                    "<rect x=\"%d\" y=\"32\" width=\"12\" height=\"12\" fill=\"%s\" /><text x=\"%d\" y=\"43\">%s</text>%n",
                    LEFT + 70 * i,
                    COLOURS.get(i),
                    LEFT + 18 + 70 * i,
                    NAMES.get(i)));
        }
        int y = TOP;
        for (var entry : samples.entrySet()) {
            row(out, y, entry.getKey(), entry.getValue());
            y += ROW;
        }
        return out.append("</svg>\n").toString();
    }

    private void row(StringBuilder out, int y, String name, List<HarmSample> taken) {
        double rows = Median.of(taken, HarmSample::rowsPerSecond);
        out.append(String.format(
                Locale.ROOT,
                "<text x=\"10\" y=\"%d\">%s</text>%n<text x=\"10\" y=\"%d\" fill=\"#666\">%s</text>%n",
                y + 18,
                name,
                y + 35,
                rows > 0 ? String.format(Locale.ROOT, "%,.0f rows/s", rows) : "no backfill"));
        List<ToDoubleFunction<HarmSample>> figures = List.of(HarmSample::p50, HarmSample::p95, HarmSample::p99);
        for (int i = 0; i < figures.size(); i++) {
            double millis = Median.of(taken, figures.get(i));
            double width = width(millis);
            int top = y + 3 + i * (BAR + 1);
            out.append(String.format(
                    Locale.ROOT,
                    "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\" /><text x=\"%.1f\" y=\"%d\">%,.1f</text>%n",
                    LEFT,
                    top,
                    width,
                    BAR,
                    COLOURS.get(i),
                    LEFT + width + 6,
                    top + BAR - 2,
                    millis));
        }
    }

    private double width(double millis) {
        double share = Math.log(Math.max(LEAST, millis) / LEAST) / Math.log(Math.max(2 * LEAST, most) / LEAST);
        return Math.max(1, (RIGHT - LEFT) * share);
    }
}
