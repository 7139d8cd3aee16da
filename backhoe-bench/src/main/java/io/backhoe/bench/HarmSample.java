package io.backhoe.bench;

import java.io.IOException;
import java.util.Arrays;

/**
 * What an application saw in one measurement.
 *
 * @param p50 and the others in milliseconds, from when a transaction was due
 * @param ofRest its p99 as a multiple of that at rest, measured just before
 * @param rowsPerSecond of the backfill
 */
record HarmSample(double p50, double p95, double p99, double ofRest, double rowsPerSecond) {
    static HarmSample atRest(long[] micros) throws IOException {
        return of(micros, 0, 0);
    }

    static HarmSample beside(HarmSample rest, long[] micros, double rowsPerSecond) throws IOException {
        return of(micros, rest.p99, rowsPerSecond);
    }

    private static HarmSample of(long[] micros, double rest, double rowsPerSecond) throws IOException {
        if (micros.length == 0) {
            throw new IOException("no transaction ended within the time that counts");
        }
        Arrays.sort(micros);
        double p99 = at(micros, 0.99);
        return new HarmSample(at(micros, 0.5), at(micros, 0.95), p99, rest == 0 ? 1 : p99 / rest, rowsPerSecond);
    }

    private static double at(long[] sorted, double share) {
        return sorted[(int) Math.ceil(share * sorted.length) - 1] / 1e3;
    }
}
