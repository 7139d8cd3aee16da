package io.backhoe.postgres;

import io.backhoe.database.Session;
import io.backhoe.database.SetOff;
import io.backhoe.value.TableName;
import java.util.List;
import java.util.Map;

/** What inserting and deleting rows of a table sets off elsewhere, from the catalog. */
final class SetOffFacts {
    // Of tgtype, 4 is INSERT and 8 is DELETE.
    private static final String TRIGGERS = """
            SELECT DISTINCT t.tgname COLLATE "C"
            FROM pg_trigger t
            WHERE t.tgrelid IN (SELECT CAST(:table AS regclass)
                                UNION SELECT relid FROM pg_partition_tree(CAST(:table AS regclass)))
              AND NOT t.tgisinternal
              AND t.tgenabled IN ('O', 'A')
              AND (CAST(t.tgtype AS integer) & 12) <> 0
            ORDER BY 1
            """;

    // Actions: a none, r restrict; c cascade, n set null, d set default.
    private static final String CASCADES = """
            SELECT quote_ident(n.conname) || ' of ' || CAST(n.conrelid AS regclass)
            FROM pg_constraint n
            WHERE n.contype = 'f' AND n.confdeltype IN ('c', 'n', 'd') AND n.conparentid = 0
              AND n.confrelid IN (SELECT CAST(:table AS regclass)
                                  UNION SELECT relid FROM pg_partition_tree(CAST(:table AS regclass)))
            ORDER BY 1
            """;

    private SetOffFacts() {}

    static SetOff read(Session session, TableName table) {
        var name = Map.of("table", Identifiers.quote(table));
        return new SetOff(texts(session, TRIGGERS, name), texts(session, CASCADES, name));
    }

    private static List<String> texts(Session session, String query, Map<String, String> name) {
        return session.query(query, name).stream().map(row -> row.required(0)).toList();
    }
}
