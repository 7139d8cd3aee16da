package io.backhoe.postgres;

/**
 * Something that a role may or may not do.
 *
 * @param what in the words of GRANT: {@code SELECT ON shop.orders}
 * @param grant the statement that gives it
 */
record Right(String what, boolean held, String grant) {}
