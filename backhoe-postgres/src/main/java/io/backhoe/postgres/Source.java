package io.backhoe.postgres;

import io.backhoe.value.BackhoeException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import javax.sql.DataSource;

/** Where connections come from. Its text says where that is, without a secret. Thread-safe. */
interface Source {
    /** @throws BackhoeException UNREACHABLE, with a code that says why */
    Connection connect();

    /** Why a connection was not to be had. */
    BackhoeException explain(SQLException error);

    /** What a session owes for a connection of this source. */
    Loan loan();

    /** For the ledger's migrations. */
    DataSource dataSource();

    /** Not one of a password file. */
    Optional<String> givenPassword();

    /** @throws BackhoeException REFUSED when so many are not to be had at the same time */
    void refuseFewer(int connections);

    /** Who would log in. */
    String userName();

    /** Who said where this is. */
    String sources();
}
