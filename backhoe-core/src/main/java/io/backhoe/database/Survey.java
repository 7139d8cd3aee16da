package io.backhoe.database;

/**
 * What can be seen of a database before anything is done to it. Nothing is asked before its method is called, and each
 * method throws {@link DatabaseException} for itself, so that one answer that is not to be had hides no other. Reads
 * only, inside of a transaction; for the thread of its session.
 */
public interface Survey {
    ServerSurvey server();

    TableSurvey table(TableFacts table);

    ScopeSurvey scope(TableFacts table, ScopeShape shape);
}
