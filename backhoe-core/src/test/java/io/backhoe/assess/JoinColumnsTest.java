package io.backhoe.assess;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JoinColumnsTest {
    @Test
    void findsTheKeyOfATableThatIsJoinedByEquality() {
        var join = JoinColumns.of("shop.customers AS c", "orders.customer_id = c.id and (c.country = orders.country)")
                .orElseThrow();

        assertThat(join.table()).isEqualTo("shop.customers");
        assertThat(join.columns()).containsExactly("c.id", "c.country");
        assertThat(join.bare()).isEqualTo("id, country");
    }

    @Test
    void knowsNamesInQuotesAndTablesWithoutAnAlias() {
        assertThat(JoinColumns.of("customers", "customers.\"Id\" = orders.x")
                        .orElseThrow()
                        .bare())
                .isEqualTo("\"Id\"");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    customers c, tiers t          | c.id = orders.customer_id
                    customers c                   | c.id = orders.customer_id OR true
                    customers c                   | c.id = orders.customer_id AND c.active
                    customers c                   | lower(c.email) = orders.email
                    customers c                   | c.id < orders.customer_id
                    customers c                   | c.id = c.parent
                    (SELECT 1 AS id) c            | c.id = orders.customer_id
                    """)
    void leavesAloneWhatIsMoreThanThat(String from, String on) {
        assertThat(JoinColumns.of(from, on)).isEmpty();
    }
}
