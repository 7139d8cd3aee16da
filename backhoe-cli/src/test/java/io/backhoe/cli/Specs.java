package io.backhoe.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files that people write. */
final class Specs {
    /** Twelve chunks, a month each. */
    static final String TIERS = DemoSpec.yaml("shop");

    /** Divides by zero for 7 of the orders of January that lack a tier, when there are 12,000 in the year. */
    static final String POISON = """
            backfill:
              name: poison
              scope:
                table: shop.orders
                date_column: order_date
                date_range: { start: 2023-01-01, end: 2023-02-01 }
              transform:
                set: { customer_tier: "CAST(1 / (orders.id % 99) AS text)" }
              strategy: { type: incremental, chunk_by: month, preserve_existing: true }
            """;

    private Specs() {}

    static String write(Path folder, String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.writeString(file, text);
        return file.toString();
    }
}
