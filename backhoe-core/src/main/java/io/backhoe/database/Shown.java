package io.backhoe.database;

/**
 * What the server answered, and how anybody can see it for himself.
 *
 * @param sql the query that was asked, with its values filled in, to paste into a console
 */
public record Shown<T>(T value, String sql) {}
