package io.backhoe.database;

/**
 * What functions of one name do.
 *
 * @param all whether every function of the name gives another value each time it is called
 * @param some whether any of them does
 */
public record FunctionFacts(String name, boolean all, boolean some) {}
