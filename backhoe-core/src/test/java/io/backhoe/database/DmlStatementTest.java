package io.backhoe.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.backhoe.value.TableName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DmlStatementTest {
    private static final TableName ORDERS = TableName.parse("shop.orders");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "WITH gone AS (DELETE FROM audit) UPDATE orders SET n = 1 WHERE {{rows}}",
                "WITH gone AS MATERIALIZED (/* x */ update orders SET n = 2) UPDATE orders SET n = 1 WHERE {{rows}}",
                "UPDATE orders SET n = (WITH x AS (INSERT INTO log VALUES (1) RETURNING 1) SELECT 1) WHERE {{rows}}"
            })
    void whatIsWrittenWithinIsAProblem(String sql) {
        assertThat(new DmlStatement(sql).problems())
                .anySatisfy(p -> assertThat(p).contains("writes within a WITH"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "WITH l AS (SELECT id FROM lock FOR UPDATE) UPDATE orders SET n = 1 WHERE {{rows}}",
                "INSERT INTO orders (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET n = (2)",
                "UPDATE orders SET note = '(DELETE FROM x)' WHERE {{rows}}",
                "UPDATE orders SET \"update\" = (\"delete\") WHERE {{rows}}"
            })
    void whatOnlyLooksLikeItIsNone(String sql) {
        assertThat(new DmlStatement(sql).problems()).isEmpty();
    }

    @Test
    void aConditionInQuotesBoundsNothing() {
        assertThat(new DmlStatement("UPDATE orders SET note = '{{rows}}'").namesRows())
                .isFalse();
        assertThat(new DmlStatement("UPDATE orders SET n = 1 WHERE {{rows}}").namesRows())
                .isTrue();
    }

    @Test
    void knowsWhichTableItInsertsInto() {
        assertThat(new DmlStatement("INSERT INTO orders SELECT 1").insertsInto(ORDERS))
                .isTrue();
        assertThat(new DmlStatement("insert into Shop . ORDERS SELECT 1").insertsInto(ORDERS))
                .isTrue();
        assertThat(new DmlStatement("INSERT INTO \"orders\" SELECT 1").insertsInto(ORDERS))
                .isTrue();
        assertThat(new DmlStatement("MERGE INTO ONLY orders o USING x ON true WHEN NOT MATCHED THEN INSERT VALUES (1)")
                        .insertsInto(ORDERS))
                .isTrue();
        assertThat(new DmlStatement("MERGE INTO orders o USING x ON true WHEN MATCHED THEN UPDATE SET n = 1")
                        .insertsInto(ORDERS))
                .isFalse();
        assertThat(new DmlStatement("INSERT INTO \"Orders\" SELECT 1 FROM orders").insertsInto(ORDERS))
                .isFalse();
        assertThat(new DmlStatement("UPDATE orders SET note = 'insert into orders'").insertsInto(ORDERS))
                .isFalse();
    }
}
