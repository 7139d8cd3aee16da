package io.backhoe.testkit;

import io.backhoe.database.BatchSql;
import io.backhoe.database.Database;
import io.backhoe.database.Row;
import io.backhoe.database.Session;
import io.backhoe.database.TableFacts;
import io.backhoe.database.UndoSql;
import io.backhoe.value.TableName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** A schema for one test, a session in it, and the run number of its before-images. Dropped when closed. */
final class Scratch implements AutoCloseable {
    private static final AtomicLong NEXT = new AtomicLong(1);

    private final long number = NEXT.getAndIncrement();
    private final String schema = "contract_" + number;
    private final List<Session> sessions = new ArrayList<>();
    private final Database database;
    private final Session session;

    private Scratch(Database database) {
        this.database = database;
        this.session = another(Map.of());
        session.execute("CREATE SCHEMA " + schema);
        session.execute("CREATE SCHEMA IF NOT EXISTS backhoe");
    }

    static Scratch in(Database database) {
        return new Scratch(database);
    }

    Database database() {
        return database;
    }

    String schema() {
        return schema;
    }

    long run() {
        return number;
    }

    Session session() {
        return session;
    }

    Session another(Map<String, String> settings) {
        var all = new LinkedHashMap<String, String>();
        all.put("search_path", schema);
        all.putAll(settings);
        Session another = database.open("backhoe/contract", all);
        sessions.add(another);
        return another;
    }

    Scratch execute(String... statements) {
        for (String statement : statements) {
            session.execute(statement);
        }
        return this;
    }

    /** The first column of the first row. */
    String one(String sql) {
        return session.query(sql, Map.of()).get(0).required(0);
    }

    /** Each row as {@code a|b|c}, NULL as {@code -}. */
    List<String> lines(String sql) {
        return session.query(sql, Map.of()).stream().map(Scratch::line).toList();
    }

    private static String line(Row row) {
        return String.join(
                "|", row.values().stream().map(v -> v == null ? "-" : v).toList());
    }

    TableFacts facts(String table) {
        return database.table(session, TableName.parse(table));
    }

    ShapeDraft shape(String table) {
        return new ShapeDraft(facts(table));
    }

    BatchSql sql(ShapeDraft draft) {
        return database.sql(database.server(session), draft.table(), draft.shape());
    }

    UndoSql undoSql(ShapeDraft draft) {
        return database.undoSql(draft.table(), draft.shape());
    }

    @Override
    public void close() {
        session.rollback();
        session.execute("DROP TABLE IF EXISTS backhoe.before_image_" + number);
        session.execute("SET client_min_messages = error; DROP SCHEMA " + schema + " CASCADE");
        sessions.forEach(Session::close);
    }
}
