package io.backhoe.postgres;

/**
 * One setting of a connection.
 *
 * @param source who said so, for people: {@code --url}, {@code PGHOST}
 */
record Setting(String value, String source) {
    /** Safe to log, because the value may be a password. */
    @Override
    public String toString() {
        return "from " + source;
    }
}
