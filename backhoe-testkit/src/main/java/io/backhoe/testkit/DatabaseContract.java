package io.backhoe.testkit;

/**
 * The whole contract of the seam {@code io.backhoe.database}. A database's test class implements it by saying which
 * database; each test makes a schema of its own there and drops it.
 */
public interface DatabaseContract
        extends SessionContract,
                ErrorContract,
                TableContract,
                ShapeContract,
                LineageContract,
                BatchContract,
                WalkContract,
                UndoContract {}
