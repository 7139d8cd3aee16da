package io.backhoe.testkit;

import io.backhoe.database.Database;

/** Which database is tested. */
public interface ContractDatabase {
    /** With a login that may create schemas and roles, and end other sessions. */
    Database database();

    /** A collation that sorts {@code 'a'} before {@code 'B'}, as it is written after COLLATE. */
    String linguisticCollation();
}
