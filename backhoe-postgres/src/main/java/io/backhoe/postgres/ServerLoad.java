package io.backhoe.postgres;

import io.backhoe.database.LoadFacts;
import io.backhoe.database.Row;
import java.util.stream.Stream;
import tools.jackson.databind.ObjectMapper;

/** Reads {@link ServerLoadSql#LOAD}. */
final class ServerLoad {
    private ServerLoad() {}

    static LoadFacts read(Row row) {
        boolean sees = row.yes(0);
        var json = new ObjectMapper();
        var replicas = json.readValue(row.required(4), String[][].class);
        var waits = json.readValue(row.required(6), long[][].class);
        return new LoadFacts(
                sees ? row.number(2) : null,
                row.number(3),
                Stream.of(replicas)
                        .map(r -> new LoadFacts.Position(r[0], Long.parseLong(r[1])))
                        .toList(),
                (int) row.number(5),
                Stream.of(waits)
                        .map(w -> new LoadFacts.Wait((int) w[0], (int) w[1], w[2]))
                        .toList(),
                sees ? null : row.required(1));
    }
}
