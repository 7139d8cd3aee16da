package io.backhoe.bench;

import java.sql.SQLException;

/** The loop that people write: an UPDATE of a thousand ids after the other, each with a COMMIT of its own. */
record LoopWay(FillCase what, String url, long orders) implements FillWay {
    private static final int IDS = 1_000;

    @Override
    public String name() {
        return "JDBC, a loop of 1,000 ids";
    }

    @Override
    public double fill() throws SQLException {
        try (var connection = BenchOrders.connect(url);
                var update = connection.prepareStatement(what.update("orders.id > ? AND orders.id <= ?"))) {
            for (long id = 0; id < orders; id += IDS) {
                update.setLong(1, id);
                update.setLong(2, id + IDS);
                update.executeUpdate();
            }
        }
        return 0;
    }
}
