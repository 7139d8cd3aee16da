package io.backhoe.database;

import io.backhoe.value.TableName;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Tables as those name them who keep track of data in many places.
 *
 * @param server {@code postgres://host:port}, of openlineage.io/docs/spec/naming; never a secret
 * @param database its name
 * @param columns of each table that is there, name to type, in order
 */
public record TableSchemas(String server, String database, Map<TableName, Map<String, String>> columns) {
    public TableSchemas {
        columns = Collections.unmodifiableMap(new LinkedHashMap<>(columns));
    }
}
