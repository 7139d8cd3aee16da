package io.backhoe.check;

import io.backhoe.database.BatchParameters;
import io.backhoe.database.BatchSql;
import io.backhoe.plan.Plan;
import io.backhoe.value.ChunkExtent;
import io.backhoe.value.SqlName;
import io.backhoe.value.TableName;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A chunk, as a check looks at it.
 *
 * @param number counted from 1
 * @param id as people name it
 */
record Piece(int number, String id, ChunkExtent extent, long estimatedRows) {

    static List<Piece> of(Plan plan) {
        return IntStream.range(0, plan.chunks().size())
                .mapToObj(i -> {
                    var chunk = plan.chunks().get(i);
                    return new Piece(i + 1, chunk.id(), chunk.extent(), chunk.estimatedRows());
                })
                .toList();
    }

    /** A new map each time: of a hundred thousand chunks they are not to be kept. */
    Map<String, @Nullable String> parameters() {
        return BatchParameters.of(number, extent.dates(), extent.keys());
    }

    /** On the partition that it is, if it is one. */
    String in(String statement) {
        TableName partition = extent.partition();
        return partition == null ? statement : statement.replace(BatchSql.PARTITION, SqlName.quote(partition));
    }
}
