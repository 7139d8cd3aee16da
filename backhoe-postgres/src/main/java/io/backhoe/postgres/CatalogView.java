package io.backhoe.postgres;

import io.backhoe.database.Session;
import java.util.Map;
import java.util.function.Supplier;

/** Reads catalogs with an empty search_path, so that every name in a definition comes with its schema. */
final class CatalogView {
    private CatalogView() {}

    static <T> T read(PostgresSession session, Supplier<T> work) {
        boolean ours = !session.inTransaction();
        if (ours) {
            session.begin(Session.Isolation.READ_ONLY);
        }
        try {
            String path = session.query("SELECT current_setting('search_path')", Map.of())
                    .get(0)
                    .required(0);
            session.query("SELECT set_config('search_path', '', true)", Map.of());
            T result = work.get();
            session.query("SELECT set_config('search_path', :path, true)", Map.of("path", path));
            return result;
        } finally {
            if (ours) {
                session.rollback();
            }
        }
    }
}
