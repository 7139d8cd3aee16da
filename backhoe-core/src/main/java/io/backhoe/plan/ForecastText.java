package io.backhoe.plan;

import io.backhoe.spec.Section;
import io.backhoe.spec.Value;
import org.jspecify.annotations.Nullable;

/** The forecast in a plan file. */
final class ForecastText {
    private ForecastText() {}

    static void write(Forecast forecast, YamlText out) {
        out.open("forecast").bare("rehearsed_rows", forecast.rehearsedRows());
        out.text("not_rehearsed", forecast.notRehearsed());
        out.bare("rows_examined", forecast.rowsExamined());
        out.bare("rows_changed", band(forecast.rowsChanged()));
        out.bare("duration_ms", band(forecast.durationMillis()));
        out.bare("wal_bytes", forecast.walBytes());
        out.bare("table_growth_bytes", forecast.tableGrowthBytes());
        out.bare("index_growth_bytes", forecast.indexGrowthBytes());
        out.bare("image_bytes", forecast.imageBytes());
        out.bare("disk_bytes", forecast.diskBytes()).close();
    }

    private static String band(Forecast.Band band) {
        return "{ low: " + band.low() + ", high: " + band.high() + " }";
    }

    static Forecast read(Section in) {
        return new Forecast(
                number(in, "rehearsed_rows"),
                in.read("not_rehearsed", Value::text),
                number(in, "rows_examined"),
                band(in, "rows_changed"),
                band(in, "duration_ms"),
                number(in, "wal_bytes"),
                number(in, "table_growth_bytes"),
                number(in, "index_growth_bytes"),
                number(in, "image_bytes"),
                number(in, "disk_bytes"));
    }

    /** What stands here when it could not be read is never seen: the problem is thrown instead. */
    private static Forecast.Band band(Section in, String key) {
        Section band = in.require(key, Value::section);
        if (band == null) {
            return new Forecast.Band(0, 0);
        }
        long low = number(band, "low");
        long high = number(band, "high");
        if (low > high) {
            band.problem("low", "is above high");
            return new Forecast.Band(0, 0);
        }
        return new Forecast.Band(low, high);
    }

    private static long number(Section in, String key) {
        @Nullable Long number = in.require(key, Value::rows);
        return number == null ? 0 : number;
    }
}
