package io.backhoe.report;

import io.backhoe.plan.Forecast;
import java.util.Locale;
import java.util.function.LongFunction;

/** The bands of the forecast, with a line where it came out. */
final class ForecastChart {
    private static final int LEFT = 130;
    private static final int RIGHT = 940;
    private static final int HEIGHT = 64;

    private final RunAccount account;

    ForecastChart(RunAccount account) {
        this.account = account;
    }

    /** Nothing where there is no forecast. */
    String svg() {
        var forecast = account.forecast();
        if (forecast == null) {
            return "";
        }
        var out = new StringBuilder("<svg viewBox=\"0 0 960 " + 2 * HEIGHT
                + "\" role=\"img\" aria-label=\"Forecast bands and actual values\">\n");
        row(0, "Rows changed", forecast.rowsChanged(), account.report().changed(), Numbers::count, out);
        row(HEIGHT, "Time of work", forecast.durationMillis(), account.worked().toMillis(), Numbers::millis, out);
        return out.append("</svg>\n").toString();
    }

    private void row(
            int y, String what, Forecast.Band band, long actual, LongFunction<String> text, StringBuilder out) {
        double most = Math.max(1, Math.max(band.high(), actual)) * 1.15;
        double low = x(band.low(), most);
        double high = Math.max(low + 3, x(band.high(), most));
        double at = x(actual, most);
        String known = (account.wentThrough() ? "actual " : "so far ") + text.apply(actual);
        String wished = "forecast " + Numbers.between(text.apply(band.low()), text.apply(band.high()));
        out.append(String.format(
                Locale.ROOT,
                """
                <text x="0" y="%d">%s</text><rect class="cell" x="%d" y="%d" width="%d" height="16" />\
                <rect class="band" x="%.1f" y="%d" width="%.1f" height="16" /><line class="actual" x1="%.1f" y1="%d" x2="%.1f" y2="%d" />
                <text x="%d" y="%d">%s; %s</text>
                """,
                y + 28,
                what,
                LEFT,
                y + 16,
                RIGHT - LEFT,
                low,
                y + 16,
                high - low,
                at,
                y + 11,
                at,
                y + 37,
                LEFT,
                y + 52,
                wished,
                known));
    }

    private static double x(double value, double most) {
        return LEFT + (RIGHT - LEFT) * value / most;
    }
}
