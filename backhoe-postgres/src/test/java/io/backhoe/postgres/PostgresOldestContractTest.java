package io.backhoe.postgres;

import io.backhoe.database.Database;
import io.backhoe.embedded.Version;
import io.backhoe.testkit.DatabaseContract;
import org.junit.jupiter.api.extension.RegisterExtension;

class PostgresOldestContractTest implements DatabaseContract {
    @RegisterExtension
    static final Server SERVER = new Server(Version.OLDEST);

    @Override
    public Database database() {
        return SERVER.database();
    }

    @Override
    public String linguisticCollation() {
        return Server.LINGUISTIC;
    }
}
