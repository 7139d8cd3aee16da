package io.backhoe.database;

import java.util.List;

/** What the catalogs and the statistics say of a table, its partitions included. See {@link Survey}. */
public interface TableSurvey {
    Shown<StorageFacts> storage();

    /** Every index, whatever its method. */
    Shown<List<IndexUse>> indexes();

    /** The enabled triggers of the user that an UPDATE fires. */
    Shown<List<TriggerFacts>> triggers();

    /** Foreign keys of the table and to it, and its CHECK constraints. */
    Shown<List<ConstraintFacts>> constraints();

    Shown<List<ColumnUse>> columns();

    Shown<RowSecurityFacts> rowSecurity();

    Shown<PublicationFacts> publications();

    Shown<VacuumFacts> vacuum();
}
