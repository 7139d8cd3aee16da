package io.backhoe.ledger;

import io.backhoe.database.Session;
import java.util.function.Supplier;

/** A change of state: one transaction, flushed to disk before anybody is told. */
final class Transactions {
    private Transactions() {}

    static <T> T durably(Session session, Supplier<T> work) {
        session.begin(Session.Isolation.READ_COMMITTED);
        try {
            session.execute("SET LOCAL synchronous_commit TO DEFAULT");
            T result = work.get();
            session.commit();
            return result;
        } finally {
            session.rollback();
        }
    }
}
