package io.backhoe.cli;

import io.backhoe.database.Row;
import io.backhoe.database.Session;
import io.backhoe.embedded.DemoShop;
import io.backhoe.embedded.PostgresServer;
import io.backhoe.embedded.Version;
import io.backhoe.postgres.PostgresDatabase;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** A database of its own, with a shop in it, on a server that all tests of this module share. */
final class Shop implements AutoCloseable {
    private static final PostgresServer SERVER = PostgresServer.start(Version.CURRENT);
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final String name;
    private final String url;
    private final Session session;

    /** @param orders none for an empty database */
    Shop(long orders) {
        name = "shop_" + COUNT.incrementAndGet();
        try (var admin = open(SERVER.url("postgres"))) {
            admin.execute("CREATE DATABASE " + name);
        }
        url = SERVER.url(name);
        session = open(url);
        if (orders > 0) {
            new DemoShop("shop", orders).createStatements().forEach(session::execute);
        }
    }

    private static Session open(String url) {
        return PostgresDatabase.at(url, null, null, Map.of()).open("test", Map.of("TimeZone", "Asia/Kathmandu"));
    }

    String name() {
        return name;
    }

    String url() {
        return url;
    }

    String urlAs(String user) {
        return url.replace("//postgres@", "//" + user + "@");
    }

    /** A shell that knows this database. */
    Shell shell() {
        return Shell.script().with("BACKHOE_URL", url);
    }

    void execute(String sql) {
        session.execute(sql);
    }

    Row row(String sql) {
        return session.query(sql, Map.of()).get(0);
    }

    long number(String sql) {
        return session.query(sql, Map.of()).get(0).number(0);
    }

    long missingTiers() {
        return number("SELECT count(*) FROM shop.orders WHERE customer_tier IS NULL");
    }

    @Override
    public void close() {
        session.close();
    }
}
