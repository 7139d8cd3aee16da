package io.backhoe.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.backhoe.database.Sizes;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ForecastModelTest {
    /** 42,003 rows in three chunks, four workers, a before-image of 120 bytes. */
    private static final Plan PLAN = Plans.sample();

    /** Of a table of as many rows, 100 bytes each, and two indexes of 20 bytes a row each. */
    private static final Sizes SIZES = new Sizes(42_003, 4_200_300, 1_680_120, 2, 1L << 30);

    private static ForecastSample sample(long changed, long hot, Duration took) {
        return new ForecastSample(500, changed, hot, took, Duration.ofMillis(2), 300_000, 15, 60, 10);
    }

    private static Forecast forecast(long expected, ForecastSample... samples) {
        return new ForecastModel(PLAN, SIZES, expected, List.of(samples)).forecast(null);
    }

    @Test
    void everyRowIsChangedWhereEachSampleChangedAll() {
        var all = sample(500, 0, Duration.ofMillis(5));

        var forecast = forecast(42_003, all, all, all);

        assertThat(forecast.rowsExamined()).isEqualTo(42_003);
        assertThat(forecast.rowsChanged().low()).isBetween(40_000L, 42_003L);
        assertThat(forecast.rowsChanged().high()).isBetween(42_003L, 44_200L);
        assertThat(forecast.rehearsedRows()).isEqualTo(1_500);
        assertThat((double) forecast.tableGrowthBytes()).isCloseTo(42_003 * 110.0, within(1.0));
        assertThat((double) forecast.indexGrowthBytes()).isCloseTo(1_680_120, within(1.0));
        assertThat((double) forecast.imageBytes()).isCloseTo(42_003 * 68.0, within(1.0));
    }

    @Test
    void samplesThatDifferMakeAWideBand() {
        var forecast = forecast(
                -1,
                sample(500, 0, Duration.ofMillis(5)),
                sample(250, 0, Duration.ofMillis(5)),
                sample(0, 0, Duration.ofMillis(5)));

        assertThat(forecast.rowsChanged().low()).isZero();
        assertThat(forecast.rowsChanged().high()).isGreaterThan(42_000);
    }

    @Test
    void theStatisticsCountWhereTheyAreNotFarOff() {
        var half = sample(250, 0, Duration.ofMillis(5));

        assertThat(forecast(25_000, half, half, half).rowsChanged().holds(25_000))
                .isTrue();
        // A default of the planner for an expression that it knows nothing about.
        assertThat(forecast(210, half, half, half).rowsChanged().low()).isGreaterThan(19_000);
    }

    @Test
    void rowsThatNeedNoIndexEntryGrowNothing() {
        var hot = sample(500, 500, Duration.ofMillis(5));

        var forecast = forecast(42_003, hot, hot, hot);

        assertThat(forecast.tableGrowthBytes()).isZero();
        assertThat(forecast.indexGrowthBytes()).isZero();
        assertThat(forecast.imageBytes()).isPositive();
    }

    @Test
    void slowerSamplesTakeLonger() {
        var quick = sample(500, 0, Duration.ofMillis(5));
        var slow = sample(500, 0, Duration.ofMillis(500));

        var quickly = forecast(42_003, quick, quick, quick).durationMillis();
        var slowly = forecast(42_003, slow, slow, slow).durationMillis();

        // 42 s of work for one worker, who rests twice as long
        assertThat(slowly.low()).isBetween(13_000L, 27_000L);
        assertThat(slowly.high()).isBetween(90_000L, 180_000L);
        assertThat(quickly.high()).isLessThan(slowly.low());
    }

    @Test
    void aBatchThatRestsWithinItsTimeHasFewerRowsAndSoThereAreMore() {
        var dear = new ForecastSample(500, 500, 0, Duration.ofMillis(5), Duration.ofMillis(20), 300_000, 15, 60, 10);

        var forecast = forecast(42_003, dear, dear, dear).durationMillis();

        // 3,333 rows in a third of 100 ms: 12.6 batches, not 4.2, of 40 ms each besides their rows
        assertThat(forecast.low()).isBetween(500L, 600L);
    }

    @Test
    void pagesAreLoggedWholeNoOftenerThanTheyAre() {
        var scattered =
                new ForecastSample(500, 500, 0, Duration.ofMillis(9), Duration.ofMillis(2), 8_000_000, 1_000, 60, 0);

        var forecast = forecast(42_003, scattered, scattered, scattered);

        // 718 pages in all, not two for each row; a batch logged 400,000 bytes beside its pages
        assertThat(forecast.walBytes()).isBetween(718 * 7_000L, 42_003 * 800L + 718 * 8_192L);
    }

    @Test
    void withoutASampleTheBandIsWideAndSaysSo() {
        var forecast = new ForecastModel(PLAN, SIZES, -1, List.of()).forecast("others were at the rows");

        assertThat(forecast.rehearsed()).isFalse();
        assertThat(forecast.notRehearsed()).isEqualTo("others were at the rows");
        assertThat(forecast.rowsChanged()).isEqualTo(new Forecast.Band(0, 42_003));
        assertThat(forecast.durationMillis().high())
                .isGreaterThan(10 * forecast.durationMillis().low());
        assertThat(forecast.walBytes()).isPositive();
    }

    @Test
    void aTableThatWasNeverAnalyzedIsForecastToo() {
        var all = sample(500, 0, Duration.ofMillis(5));

        var forecast =
                new ForecastModel(PLAN, new Sizes(-1, 4_200_300, 0, 0, 1L << 30), -1, List.of(all)).forecast(null);

        assertThat(forecast.tableGrowthBytes()).isPositive();
        assertThat(forecast.walBytes()).isPositive();
    }

    @Test
    void halfAsMuchAgainShouldBeFree() {
        var all = sample(500, 0, Duration.ofMillis(5));

        var f = forecast(42_003, all, all, all);

        long grown = f.tableGrowthBytes() + f.indexGrowthBytes() + f.imageBytes() + f.walBytes();
        assertThat((double) f.diskBytes()).isCloseTo(1.5 * grown, within(10.0));
    }
}
