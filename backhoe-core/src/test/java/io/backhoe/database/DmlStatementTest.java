package io.backhoe.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.backhoe.value.TableName;
import org.junit.jupiter.api.Test;

class DmlStatementTest {
    private static final TableName ORDERS = TableName.parse("shop.orders");

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
        assertThat(new DmlStatement("INSERT INTO archive.orders SELECT 1 FROM shop.orders").insertsInto(ORDERS))
                .isFalse();
        assertThat(new DmlStatement("INSERT INTO db.shop.orders SELECT 1").insertsInto(ORDERS))
                .isTrue();
        assertThat(new DmlStatement("INSERT INTO shop.archive.orders SELECT 1").insertsInto(ORDERS))
                .isFalse();
    }

    @Test
    void knowsWhichTableItDeletesFrom() {
        assertThat(new DmlStatement("DELETE FROM ONLY shop.orders o WHERE true").deletesFrom(ORDERS))
                .isTrue();
        assertThat(new DmlStatement("WITH gone AS (delete from ORDERS RETURNING id) UPDATE b SET n = 1")
                        .deletesFrom(ORDERS))
                .isTrue();
        assertThat(new DmlStatement("MERGE INTO orders o USING x ON true WHEN MATCHED AND x.n = 1 THEN DELETE")
                        .deletesFrom(ORDERS))
                .isTrue();
        assertThat(new DmlStatement("MERGE INTO orders o USING x ON true WHEN MATCHED THEN UPDATE SET n = 1")
                        .deletesFrom(ORDERS))
                .isFalse();
        assertThat(new DmlStatement("DELETE FROM archive.orders").deletesFrom(ORDERS))
                .isFalse();
        assertThat(new DmlStatement("DELETE FROM lines USING orders").deletesFrom(ORDERS))
                .isFalse();
    }

    @Test
    void knowsWhetherAllThatItWritesAreRowsOfTheTable() {
        assertThat(new DmlStatement("UPDATE ONLY shop.orders o SET n = 1").updates(ORDERS))
                .isTrue();
        assertThat(new DmlStatement("WITH a AS (INSERT INTO log SELECT 1) UPDATE orders SET n = 1").updates(ORDERS))
                .isTrue();
        assertThat(new DmlStatement("MERGE INTO orders o USING x ON true WHEN MATCHED THEN UPDATE SET n = 1")
                        .updates(ORDERS))
                .isTrue();
        assertThat(new DmlStatement("MERGE INTO orders o USING x ON true WHEN NOT MATCHED THEN INSERT VALUES (1)")
                        .updates(ORDERS))
                .isFalse();
        assertThat(new DmlStatement("WITH a AS (UPDATE orders SET n = 1 RETURNING id) INSERT INTO log SELECT id FROM a")
                        .updates(ORDERS))
                .isFalse();
        assertThat(new DmlStatement("INSERT INTO log VALUES (1) ON CONFLICT (id) DO UPDATE SET n = 1").updates(ORDERS))
                .isFalse();
        assertThat(new DmlStatement("UPDATE archive.orders SET n = 1").updates(ORDERS))
                .isFalse();
    }
}
