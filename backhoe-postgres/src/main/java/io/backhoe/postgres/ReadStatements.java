package io.backhoe.postgres;

import io.backhoe.database.NamedSql;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Statements whose parameters were found before: a session runs the same few thousands of times. Not thread-safe. */
final class ReadStatements {
    private static final int MOST = 64;
    private static final int LONGEST = 20_000;

    private record Asked(String sql, Set<String> names) {}

    private final Map<Asked, NamedSql> known = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Asked, NamedSql> eldest) {
            return size() > MOST;
        }
    };

    NamedSql of(String sql, Set<String> names) {
        if (sql.length() > LONGEST) {
            return NamedSql.of(sql, names);
        }
        var found = known.get(new Asked(sql, names));
        if (found == null) {
            var kept = Set.copyOf(names);
            found = NamedSql.of(sql, kept);
            known.put(new Asked(sql, kept), found);
        }
        return found;
    }
}
