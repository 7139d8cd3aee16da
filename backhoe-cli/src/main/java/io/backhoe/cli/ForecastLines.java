package io.backhoe.cli;

import io.backhoe.plan.Forecast;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A forecast for people, and for machines. */
final class ForecastLines {
    private ForecastLines() {}

    static List<String> of(Forecast forecast) {
        var lines = new ArrayList<String>();
        lines.add("Forecast (eight of ten runs end within)");
        lines.add("  changed  "
                + between(
                        Figures.count(forecast.rowsChanged().low()),
                        Figures.count(forecast.rowsChanged().high())) + " of about "
                + Figures.rows(forecast.rowsExamined()));
        lines.add("  takes    "
                + between(
                        time(forecast.durationMillis().low()),
                        time(forecast.durationMillis().high())) + ", when nothing holds it back");
        lines.add("  writes   about " + Figures.bytes(forecast.walBytes()) + " of WAL");
        lines.add("  grows    table by about " + Figures.bytes(forecast.tableGrowthBytes()) + ", indexes by "
                + Figures.bytes(forecast.indexGrowthBytes()) + ", before-images "
                + Figures.bytes(forecast.imageBytes()));
        lines.add("  disk     have " + Figures.bytes(forecast.diskBytes()) + " free");
        lines.add(
                forecast.rehearsed()
                        ? "  measured on " + Figures.rows(forecast.rehearsedRows()) + ", rolled back"
                        : "  not rehearsed: " + forecast.notRehearsed() + "; so it is a guess");
        return lines;
    }

    private static String between(String low, String high) {
        return low.equals(high) ? "about " + low : low + " to " + high;
    }

    private static String time(long millis) {
        return Figures.time(Duration.ofMillis(millis));
    }

    static @Nullable Map<String, @Nullable Object> data(@Nullable Forecast forecast) {
        if (forecast == null) {
            return null;
        }
        var data = new LinkedHashMap<String, @Nullable Object>();
        data.put("rehearsed", forecast.rehearsed());
        data.put("rehearsed_rows", forecast.rehearsedRows());
        data.put("not_rehearsed", forecast.notRehearsed());
        data.put("rows_examined", forecast.rowsExamined());
        data.put("rows_changed", band(forecast.rowsChanged()));
        data.put("duration_ms", band(forecast.durationMillis()));
        data.put("wal_bytes", forecast.walBytes());
        data.put("table_growth_bytes", forecast.tableGrowthBytes());
        data.put("index_growth_bytes", forecast.indexGrowthBytes());
        data.put("image_bytes", forecast.imageBytes());
        data.put("disk_bytes", forecast.diskBytes());
        return data;
    }

    private static Map<String, Object> band(Forecast.Band band) {
        return band(band.low(), band.high());
    }

    static Map<String, Object> band(long low, long high) {
        var data = new LinkedHashMap<String, Object>();
        data.put("low", low);
        data.put("high", high);
        return data;
    }
}
