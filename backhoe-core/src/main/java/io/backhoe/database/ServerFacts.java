package io.backhoe.database;

/**
 * What is true of a server and of who we are there.
 *
 * @param product for people: {@code PostgreSQL 18.6}
 * @param major the major version
 * @param pooled whether a connection pooler stands in between
 * @param readOnly a standby, or a server that takes no writes
 */
public record ServerFacts(String product, int major, String database, String user, boolean pooled, boolean readOnly) {}
