package io.backhoe.assess;

import io.backhoe.database.TableFacts;

/** A table in which no columns tell one row from another. */
public final class NoKey {
    private NoKey() {}

    public static String sentence(TableFacts table) {
        return "Table " + table.name()
                + " has no primary key, and no unique index over columns that are NOT NULL that can be"
                + " walked (a btree without WHERE, over plain columns, all in one direction): a row"
                + " could be neither found again nor taken back.";
    }
}
