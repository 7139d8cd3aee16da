package io.backhoe.database;

import java.util.List;

/**
 * How large a table is, all its partitions together.
 *
 * @param heapBytes without indexes and without what is stored out of line
 * @param estimatedRows from the statistics; -1 when never analyzed
 * @param fillfactor percent of a page that INSERT fills; of partitions the smallest
 * @param partitionColumns of a partitioned table, the leading columns of its partition key; else empty
 * @param partitions how many hold rows; 0 for a table that is not partitioned
 */
public record StorageFacts(
        long heapBytes,
        long indexBytes,
        long estimatedRows,
        int fillfactor,
        List<String> partitionColumns,
        int partitions) {
    public StorageFacts {
        partitionColumns = List.copyOf(partitionColumns);
    }
}
