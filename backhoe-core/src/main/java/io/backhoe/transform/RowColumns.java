package io.backhoe.transform;

import java.util.ArrayList;
import java.util.List;

/**
 * What rows consist of, in the order of their values.
 *
 * @param keys the columns of the key
 * @param reads the columns that are read besides
 * @param types of all of them, in the server's words
 */
public record RowColumns(List<String> keys, List<String> reads, List<String> types) {
    public RowColumns {
        keys = List.copyOf(keys);
        reads = List.copyOf(reads);
        types = List.copyOf(types);
        if (types.size() != keys.size() + reads.size()) {
            throw new IllegalArgumentException("each column has a type: " + keys + reads + types);
        }
    }

    int size() {
        return types.size();
    }

    String name(int place) {
        return place < keys.size() ? keys.get(place) : reads.get(place - keys.size());
    }

    int place(String column) {
        int read = reads.indexOf(column);
        int place = read < 0 ? keys.indexOf(column) : read + keys.size();
        if (place < 0) {
            var all = new ArrayList<>(keys);
            all.addAll(reads);
            throw new IllegalArgumentException("column " + column + " is not read; there are " + all);
        }
        return place;
    }
}
