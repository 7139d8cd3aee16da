package io.backhoe.database;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SqlFragmentTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "customer_tier IS NULL",
                "CASE WHEN c.lifetime_value >= 8000 THEN 'platinum' ELSE 'bronze' END",
                "f(a[1:2], ')') -- it's fine; really (",
                "$$;)$$ || E'\\';'",
                "data ? 'key' /* ; ) */",
                "a[1:n] || b::text[]",
                "interval '1 day' + :: date",
                "'50%' || \"odd;)name\"",
            })
    void standsAlone(String text) {
        assertThat(SqlFragment.problem(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\u0001',
            value = {
                "a); DELETE FROM t | semicolon",
                "a) OR (true | has a ')' that nothing opened",
                "(a | lacks a ')'",
                "f(a[1) | has a ')' that nothing opened",
                "a[1 | lacks a ']'",
                "'it | quote that is not closed: 'it",
                "\"it | quote that is not closed",
                "E'it\\' | quote that is not closed",
                "$x$ $y$ | quote that is not closed",
                "1 /* /* */ | comment that is not closed",
                "id > $1 | a parameter, $1",
                "id > :after_1 | a parameter, :after_1",
                "'run {run}' | holds {run}",
                "-- only a comment | is empty",
            })
    void isRefused(String text, String problem) {
        assertThat(SqlFragment.problem(text))
                .hasValueSatisfying(found -> assertThat(found).contains(problem));
    }

    @Test
    void refusesNothingAtAll() {
        assertThat(SqlFragment.problem(" \n")).contains("is empty");
    }

    @Test
    void refusesANulCharacterThatWouldEndTheStatementEarly() {
        assertThat(SqlFragment.problem("1 \0")).contains("has a NUL character, which no statement can hold");
    }
}
