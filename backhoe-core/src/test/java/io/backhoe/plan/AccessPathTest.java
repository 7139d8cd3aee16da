package io.backhoe.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.backhoe.database.BatchShape;
import io.backhoe.database.ColumnFacts;
import io.backhoe.database.IndexFacts;
import io.backhoe.database.TableFacts;
import io.backhoe.value.TableName;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AccessPathTest {
    private static final ColumnFacts DAY = new ColumnFacts("Day", "date", ColumnFacts.Kind.DATE, true, false, null);

    @Test
    void theRemedyNamesTheChunkColumnOnceAndQuotesWhatMustBeQuoted() {
        var path = AccessPath.choose(table(List.of("order", "Day"), List.of()), BatchShape.Chunks.DATES, DAY);

        assertThat(path.keyset()).containsExactly("order", "Day");
        assertThat(path.note())
                .contains("No index begins with \"Day\": ")
                .contains("all of \"Sales_pkey\" and")
                .contains("CREATE INDEX CONCURRENTLY ON shop.\"Sales\" (\"Day\", \"order\") makes");
    }

    @Test
    void theRemedyForAnIndexWithoutTheKeyIsTheSame() {
        var byDay = new IndexFacts("by_day", List.of("Day"), false, false);

        var path = AccessPath.choose(table(List.of("order", "Day"), List.of(byDay)), BatchShape.Chunks.DATES, DAY);

        assertThat(path.index()).isEqualTo(byDay);
        assertThat(path.note())
                .startsWith("Index by_day holds \"Day\" but not the key")
                .contains("CREATE INDEX CONCURRENTLY ON shop.\"Sales\" (\"Day\", \"order\") makes");
    }

    private static TableFacts table(List<String> key, List<IndexFacts> more) {
        var indexes = new ArrayList<>(more);
        indexes.add(new IndexFacts("Sales_pkey", key, true, true));
        return new TableFacts(new TableName("shop", "Sales"), List.of(DAY), indexes, key, List.of(), 1000, List.of());
    }
}
