package io.backhoe.spec;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What only a correction says: which rows, and how many there should be.
 *
 * @param records the file that names the rows; null where {@code scope.where} alone does
 * @param skipUnknown whether records whose key is not in the table are passed over, and not refused
 * @param expected how many rows are meant; null when nobody says so
 */
public record Correction(
        @Nullable Records records,
        boolean skipUnknown,
        @Nullable Expected expected) {
    /** What {@code strategy.type} is then. */
    public static final String TYPE = "correction";

    Correction with(Records known) {
        return new Correction(known, skipUnknown, expected);
    }

    /**
     * A CSV file with a record for each row. All but its name is known once it was planned.
     *
     * @param file as it was written: absolute, or seen from the folder of the spec or of the plan
     * @param sha256 of its bytes, in hex
     * @param rows how many records it has
     * @param key the columns by which a record finds its row, as the table names them
     * @param columns all columns of it that are used, the key's first
     */
    public record Records(
            String file, @Nullable String sha256, @Nullable Long rows, List<String> key, List<String> columns) {
        public Records {
            key = List.copyOf(key);
            columns = List.copyOf(columns);
        }

        /** Of which nothing is known yet. */
        public Records(String file) {
            this(file, null, null, List.of(), List.of());
        }
    }

    /** How many rows are meant, both ends included. */
    public record Expected(long least, long most) {
        public boolean holds(long rows) {
            return rows >= least && rows <= most;
        }

        /** For people. */
        @Override
        public String toString() {
            return least == most ? Long.toString(least) : least + " to " + most;
        }
    }
}
