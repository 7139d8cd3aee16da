package io.backhoe.postgres;

import io.backhoe.database.NamedSql;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Statements whose parameters were found before: a session runs the same few thousands of times. Not thread-safe. */
final class ReadStatements {
    private static final int MOST = 64;
    private static final int LONGEST = 20_000;

    // By text and names. A record in place of the entry would be linked at run time, in each start of the command line.
    private final Map<Map.Entry<String, Set<String>>, NamedSql> known = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Map.Entry<String, Set<String>>, NamedSql> eldest) {
            return size() > MOST;
        }
    };

    NamedSql of(String sql, Set<String> names) {
        if (sql.length() > LONGEST) {
            return NamedSql.of(sql, names);
        }
        var found = known.get(Map.entry(sql, names));
        if (found == null) {
            var kept = Set.copyOf(names);
            found = NamedSql.of(sql, kept);
            known.put(Map.entry(sql, kept), found);
        }
        return found;
    }
}
