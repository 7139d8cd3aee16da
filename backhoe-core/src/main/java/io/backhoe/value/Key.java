package io.backhoe.value;

import java.util.List;

/**
 * A place in the order of a table: the values of the keyset's columns, each in the server's own text form. Only the
 * server compares keys; Java never does.
 */
public record Key(List<String> values) {
    public Key {
        values = List.copyOf(values);
    }
}
