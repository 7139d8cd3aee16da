package io.backhoe.spec;

import static io.backhoe.spec.Refused.VALID;
import static io.backhoe.spec.Refused.invalid;
import static io.backhoe.spec.Refused.messages;
import static io.backhoe.spec.Refused.paths;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RefusedValuesTest {
    @ParameterizedTest
    @ValueSource(strings = {"full_reload", "correction"})
    void refusesTypesOfALaterVersionByName(String type) {
        assertThat(messages("  strategy: {type: " + type + "}"))
                .containsExactly("strategy.type: '" + type
                        + "' is not done by this version, which does gap_fill, incremental only");
    }

    @Test
    void refusesUnitsThatThereAreNot() {
        assertThat(messages("  strategy: {chunk_by: moth}"))
                .containsExactly("strategy.chunk_by: 'moth' is not one of hour, day, week, month, quarter, year, key,"
                        + " partition, auto (did you mean 'month'?)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"key", "partition"})
    void refusesChunksThatAreListedByDateBesideChunksOfAnotherKind(String unit) {
        assertThat(messages("""
                          strategy: {chunk_by: %s}
                          execution: {chunks: [{id: a, date_range: [2023-01-01, 2023-02-01]}]}
                        """.formatted(unit)))
                .containsExactly(
                        "execution: lists chunks by date, which strategy.chunk_by: " + unit + " cannot be mixed with");
    }

    @ParameterizedTest
    @ValueSource(strings = {"after", "reason", "engine"})
    void refusesReservedKeysByName(String key) {
        assertThat(messages("  " + key + ": x")).containsExactly(key + ": this version does not do this yet");
        assertThat(messages("  strategy: {" + key + ": {a: b}}"))
                .containsExactly("strategy." + key + ": this version does not do this yet");
    }

    @Test
    void refusesTheKeysOfAPlanInASpec() {
        assertThat(messages("  hash: x\n  sql: {write: UPDATE}"))
                .containsExactly(
                        "hash: this is a plan, it has a hash; a spec has none",
                        "sql: belongs to a plan, which has a hash; a spec has neither");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2023-02-29",
                "2023-13-01",
                "2023-1-1",
                "20230101",
                "01.01.2023",
                "2023-01-01T24:00:00",
                "2023-01-01T06:00:00.1234567",
                "0000-01-01",
                "yesterday"
            })
    void refusesDatesThatDoNotExist(String date) {
        assertThat(invalid(VALID.replace("2024-01-01", date)).problems())
                .singleElement()
                .satisfies(p -> assertThat(p.message()).contains("'" + date + "' is not a date or time that exists"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"2024-01-01T00:00:00Z", "2024-01-01T00:00:00+02:00", "2024-01-01 00:00+02"})
    void sendsATimeZoneInADateToWhereItBelongs(String date) {
        assertThat(invalid(VALID.replace("2024-01-01", "'" + date + "'")).getMessage())
                .contains("has a time zone; write the local time, and the zone as scope.timezone");
    }

    @ParameterizedTest
    @ValueSource(strings = {"+02:00", "UTC+2", "utc", "Mars/Olympus"})
    void refusesTimeZonesThatAreNoRegion(String zone) {
        assertThat(paths(VALID.replace("table: t,", "table: t, timezone: '" + zone + "',")))
                .containsExactly("scope.timezone");
    }
}
