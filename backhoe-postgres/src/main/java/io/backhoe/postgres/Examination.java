package io.backhoe.postgres;

import io.backhoe.database.Session;
import io.backhoe.value.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Looks at everything that decides whether a run could be done here, and how much can be seen of it. Writes nothing. */
public final class Examination {
    private Examination() {}

    /**
     * Looks, and judges each thing by itself.
     *
     * @param session in a read-only transaction, which stays open and whole
     * @param table that would be filled, or null
     * @param columns that would be set; empty when that is not known yet
     */
    public static List<Observation> of(
            PostgresDatabase database, Session session, @Nullable TableName table, Set<String> columns) {
        return of(database, session, Intention.toSet(table, columns));
    }

    /**
     * Looks, and judges each thing by itself.
     *
     * @param session in a read-only transaction, which stays open and whole
     */
    public static List<Observation> of(PostgresDatabase database, Session session, Intention intention) {
        var all = new ArrayList<Observation>();
        all.addAll(ConnectionFacts.of(database, session));
        all.addAll(RightsFacts.ofLedger(session));
        all.addAll(RightsFacts.of(database, session, intention));
        all.addAll(SignalFacts.of(session));
        all.addAll(SettingFacts.of(session));
        return all;
    }
}
