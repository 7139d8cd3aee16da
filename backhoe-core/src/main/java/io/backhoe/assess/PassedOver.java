package io.backhoe.assess;

import io.backhoe.database.IndexFacts;
import io.backhoe.database.IndexUse;
import io.backhoe.database.TableFacts;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A btree index that begins with the column of dates, and in which batches cannot walk all the same.
 *
 * @param column that it begins with
 */
public record PassedOver(String index, String column) {

    /**
     * The first of them.
     *
     * @param all every index of the table; those that can be walked are among the facts of the table
     */
    public static Optional<PassedOver> of(TableFacts table, List<IndexUse> all, String column) {
        var walked = table.indexes().stream().map(IndexFacts::name).collect(Collectors.toSet());
        return all.stream()
                .filter(i -> i.method().equals("btree") && !walked.contains(i.name()))
                .filter(i -> !i.columns().isEmpty() && i.columns().get(0).equals(column))
                .findFirst()
                .map(i -> new PassedOver(i.name(), column));
    }

    public String sentence() {
        return "Index " + index + " begins with " + column
                + " and cannot be walked: a batch needs one that is valid and over plain columns in one direction"
                + " (all ascending, or all DESC, and no NULLS FIRST or LAST of its own), with their own collation and"
                + " without a WHERE.";
    }
}
