package io.backhoe.check;

import io.backhoe.database.BatchSql;
import io.backhoe.database.CheckSql;
import io.backhoe.database.Database;
import io.backhoe.database.NamedSql;
import io.backhoe.database.Records;
import io.backhoe.database.Row;
import io.backhoe.database.Session;
import io.backhoe.database.TableFacts;
import io.backhoe.ledger.RunRecord;
import io.backhoe.plan.Plan;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a question may look at. Each query is a READ ONLY transaction of its own, so that no snapshot lives longer than it
 * takes to look at one chunk. Confined to one thread.
 *
 * @param run null before it is entered
 */
record Ground(
        Database database,
        Plan plan,
        Effort effort,
        Session session,
        TableFacts table,
        CheckSql sql,
        @Nullable RunRecord run,
        List<Piece> pieces) {

    /** @throws IllegalStateException when there is no run yet */
    RunRecord required() {
        if (run == null) {
            throw new IllegalStateException("there is no run yet");
        }
        return run;
    }

    List<Row> query(String statement, Map<String, ? extends @Nullable String> parameters) {
        session.begin(Session.Isolation.READ_ONLY);
        try {
            var rows = session.query(named(statement), parameters);
            session.commit();
            return rows;
        } finally {
            session.rollback();
        }
    }

    /** Of one chunk. */
    List<Row> query(String statement, Piece piece, Map<String, String> more) {
        var parameters = piece.parameters();
        parameters.putAll(more);
        return query(piece.in(statement), parameters);
    }

    /** The statement for somebody who wants to look at a chunk. */
    String shown(String statement, Piece piece) {
        return NamedSql.filledIn(named(piece.in(statement)), piece.parameters());
    }

    /** The statement with values, to paste into a console. */
    String shown(String statement, Map<String, String> parameters) {
        return NamedSql.filledIn(named(statement), parameters);
    }

    private String named(String statement) {
        return run == null
                ? statement.replace(Records.TABLE, Records.SCRATCH)
                : statement.replace(BatchSql.RUN, Long.toString(run.id()));
    }
}
