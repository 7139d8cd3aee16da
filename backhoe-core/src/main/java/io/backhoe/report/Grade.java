package io.backhoe.report;

import io.backhoe.plan.Forecast;
import io.backhoe.report.Section.Block;
import io.backhoe.report.Section.Table;
import io.backhoe.report.Section.Text;
import java.util.List;
import java.util.function.LongFunction;

/** What was forecast, against what it came to. */
final class Grade {
    private final RunAccount account;

    Grade(RunAccount account) {
        this.account = account;
    }

    List<Block> blocks() {
        var forecast = account.forecast();
        if (forecast == null) {
            return List.of(new Text("The plan has no forecast."));
        }
        var report = account.report();
        var heads = List.of("What", "Forecast", account.wentThrough() ? "Actual" : "So far", "Grade");
        var rows = List.of(
                List.of(
                        "Rows examined",
                        "about " + Numbers.count(forecast.rowsExamined()),
                        Numbers.count(report.examined()),
                        "-"),
                row("Rows changed", forecast.rowsChanged(), report.changed(), Numbers::count),
                row("Time of work", forecast.durationMillis(), account.worked().toMillis(), Numbers::millis));
        return List.of(new Table(heads, rows), new Text(remark(forecast)));
    }

    private List<String> row(String what, Forecast.Band band, long actual, LongFunction<String> text) {
        return List.of(
                what,
                Numbers.between(text.apply(band.low()), text.apply(band.high())),
                text.apply(actual),
                grade(band, actual));
    }

    private String grade(Forecast.Band band, long actual) {
        if (actual > band.high()) {
            return "above the forecast" + by(actual - band.high(), band.high());
        }
        if (!account.wentThrough()) {
            return "not known before the end";
        }
        return band.holds(actual) ? "as forecast" : "below the forecast" + by(band.low() - actual, band.low());
    }

    private static String by(long off, long of) {
        return of == 0 ? "" : String.format(java.util.Locale.ROOT, " by %,d %%", Math.round(off * 100.0 / of));
    }

    private static String remark(Forecast forecast) {
        String how = forecast.rehearsed()
                ? "The forecast was measured on " + Numbers.of(forecast.rehearsedRows(), "row")
                        + " that were rolled back, and holds eight runs of ten."
                : "The forecast is a guess: nothing was rehearsed.";
        return how
                + " Pauses do not count as time of work. A run does not measure its write-ahead log nor the growth of"
                + " the table, so those are not graded.";
    }
}
