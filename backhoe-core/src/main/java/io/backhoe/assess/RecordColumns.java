package io.backhoe.assess;

import io.backhoe.database.ColumnFacts;
import io.backhoe.database.Records;
import io.backhoe.database.TableFacts;
import io.backhoe.spec.Correction;
import io.backhoe.spec.Spec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The records of a correction as a table: a column that the table has is of its type there, any other is text. */
public final class RecordColumns {
    private RecordColumns() {}

    /** Of a spec whose file was looked at; null where no file names the rows. */
    public static @Nullable Records of(Spec spec, TableFacts table) {
        Correction.Records records = spec.records();
        return records == null
                ? null
                : new Records(Records.TABLE, columns(table, records.key()), columns(table, records.columns()));
    }

    private static List<ColumnFacts> columns(TableFacts table, List<String> names) {
        return names.stream()
                .map(name -> table.column(name)
                        .orElseGet(() -> new ColumnFacts(name, "text", ColumnFacts.Kind.OTHER, false, false, null)))
                .toList();
    }
}
