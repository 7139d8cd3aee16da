package io.backhoe.postgres;

import io.backhoe.database.ColumnFacts;
import io.backhoe.value.SqlName;
import io.backhoe.value.TableName;
import java.util.List;

/** Names as they stand in statements: beside other tables, too. */
final class Identifiers {
    private Identifiers() {}

    static String quote(String name) {
        return SqlName.quote(name);
    }

    static String always(String name) {
        return SqlName.always(name);
    }

    /** With its schema, where that is known. */
    static String quote(TableName table) {
        return SqlName.quote(table);
    }

    /** The column as it is written beside other tables: {@code orders.id}. */
    static String qualified(TableName table, String column) {
        return quote(table.name()) + "." + quote(column);
    }

    static List<String> qualified(TableName table, List<ColumnFacts> columns) {
        return columns.stream().map(c -> qualified(table, c.name())).toList();
    }
}
