package io.backhoe.assess;

import io.backhoe.database.Database;
import io.backhoe.database.ScopeShape;
import io.backhoe.database.ScopeSurvey;
import io.backhoe.database.ServerFacts;
import io.backhoe.database.ServerSurvey;
import io.backhoe.database.Session;
import io.backhoe.database.TableFacts;
import io.backhoe.database.TableSurvey;
import io.backhoe.spec.Spec;
import io.backhoe.value.SqlName;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is asked about.
 *
 * @param knownTable null while it is not known, and so the scope; a {@link Question} says what it needs
 * @param gaps null while it is not known
 */
record Subject(
        Spec spec,
        Spec.Transform transform,
        Database database,
        Session session,
        ServerFacts server,
        AssessOptions options,
        @Nullable TableFacts knownTable,
        @Nullable ScopeShape knownScope,
        @Nullable GapMap gaps) {

    Subject(
            Spec spec,
            Spec.Transform transform,
            Database database,
            Session session,
            ServerFacts server,
            AssessOptions options) {
        this(spec, transform, database, session, server, options, null, null, null);
    }

    Subject with(TableFacts table) {
        return new Subject(spec, transform, database, session, server, options, table, knownScope, gaps);
    }

    Subject with(ScopeShape scope) {
        return new Subject(spec, transform, database, session, server, options, knownTable, scope, gaps);
    }

    Subject with(GapMap map) {
        return new Subject(spec, transform, database, session, server, options, knownTable, knownScope, map);
    }

    boolean knows(Question.Needs what) {
        return switch (what) {
            case SERVER -> true;
            case TABLE -> knownTable != null;
            case SCOPE -> knownScope != null;
        };
    }

    TableFacts table() {
        if (knownTable == null) {
            throw new IllegalStateException("the table is not known");
        }
        return knownTable;
    }

    ScopeShape scope() {
        if (knownScope == null) {
            throw new IllegalStateException("the scope is not known");
        }
        return knownScope;
    }

    /** The table as SQL names it. */
    String tableSql() {
        return SqlName.quote(table().name());
    }

    /** The columns that the backfill sets. */
    Set<String> columns() {
        return transform.set().keySet();
    }

    TableSurvey ofTable() {
        return database.survey(session).table(table());
    }

    ScopeSurvey ofScope() {
        return database.survey(session).scope(table(), scope());
    }

    ServerSurvey ofServer() {
        return database.survey(session).server();
    }
}
