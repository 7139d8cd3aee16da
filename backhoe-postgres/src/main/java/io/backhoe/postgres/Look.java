package io.backhoe.postgres;

import io.backhoe.database.NamedSql;
import io.backhoe.database.Row;
import io.backhoe.database.Session;
import io.backhoe.database.Shown;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import tools.jackson.databind.ObjectMapper;

/** Asks, and keeps the question for whoever wants to ask it again. */
record Look(Session session, Map<String, String> values) {
    Look {
        values = Map.copyOf(values);
    }

    Look with(String name, String value) {
        var more = new HashMap<>(values);
        more.put(name, value);
        return new Look(session, more);
    }

    <T> Shown<T> rows(String sql, Function<List<Row>, T> read) {
        List<Row> rows = session.query(sql, values);
        return new Shown<>(read.apply(rows), NamedSql.filledIn(sql, values).strip());
    }

    <T> Shown<List<T>> each(String sql, Function<Row, T> read) {
        return rows(sql, rows -> rows.stream().map(read).toList());
    }

    /** For what answers with exactly one row. */
    <T> Shown<T> one(String sql, Function<Row, T> read) {
        return rows(sql, rows -> read.apply(rows.get(0)));
    }

    /** Reads a JSON array of texts: names hold any character, so no other list of them is safe. */
    static List<String> texts(Row row, int column) {
        return List.of(new ObjectMapper().readValue(row.required(column), String[].class));
    }
}
