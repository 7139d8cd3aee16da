package io.backhoe.assess;

import io.backhoe.database.IndexFacts;
import java.util.List;

/** What tells one row from another. */
final class KeyQuestion implements Question {
    @Override
    public String about() {
        return "what tells one row from another";
    }

    @Override
    public boolean mayBlock() {
        return true;
    }

    @Override
    public List<Finding> ask(Subject subject) {
        var table = subject.table();
        if (table.key().isEmpty()) {
            return List.of(Finding.blocker("no_key", NoKey.sentence(table))
                    .remedy(
                            "Build a unique index over columns that are NOT NULL (CREATE UNIQUE INDEX CONCURRENTLY ...),"
                                    + " or, where the table may be locked and rewritten: ALTER TABLE "
                                    + subject.tableSql()
                                    + " ADD COLUMN id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY;"));
        }
        boolean primary = table.indexes().stream().anyMatch(IndexFacts::primary);
        return primary
                ? List.of()
                : List.of(Finding.info(
                                "key_stands_in",
                                "Table " + table.name() + " has no primary key; the unique index over ("
                                        + String.join(", ", table.key())
                                        + ") stands in for it. It must not be dropped while a run is open or may be"
                                        + " taken back.")
                        .with("key", table.key()));
    }
}
