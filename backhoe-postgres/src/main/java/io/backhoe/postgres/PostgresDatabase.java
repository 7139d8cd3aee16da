package io.backhoe.postgres;

import io.backhoe.database.BatchShape;
import io.backhoe.database.BatchSql;
import io.backhoe.database.CheckSql;
import io.backhoe.database.ColumnFacts;
import io.backhoe.database.ColumnWidths;
import io.backhoe.database.Database;
import io.backhoe.database.DatabaseException;
import io.backhoe.database.ErrorKind;
import io.backhoe.database.GapSql;
import io.backhoe.database.Lineage;
import io.backhoe.database.Measured;
import io.backhoe.database.QueryPlan;
import io.backhoe.database.Row;
import io.backhoe.database.SampledRows;
import io.backhoe.database.ServerFacts;
import io.backhoe.database.Session;
import io.backhoe.database.SetOff;
import io.backhoe.database.Sizes;
import io.backhoe.database.Survey;
import io.backhoe.database.TableFacts;
import io.backhoe.database.TableSchemas;
import io.backhoe.database.UndoSql;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ChunkExtent;
import io.backhoe.value.ChunkRange;
import io.backhoe.value.ExitCode;
import io.backhoe.value.Key;
import io.backhoe.value.SystemTime;
import io.backhoe.value.TableName;
import io.backhoe.value.Time;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** A PostgreSQL database, version 14 or newer. Thread-safe. */
public final class PostgresDatabase implements Database {
    /** The oldest major version that works. */
    public static final int OLDEST = 14;

    /** The newest major version that was tested; newer ones are expected to work. */
    public static final int NEWEST_TESTED = 18;

    private final Source source;
    private final Time time = new SystemTime();
    private final OpenSessions sessions = new OpenSessions(time);

    private PostgresDatabase(Source source) {
        this.source = source;
    }

    /**
     * The database that a pool, or any other source of connections, leads to. Connections of it are given back as they came:
     * settings, autocommit and time limits as they were, without locks or temporary tables of ours. One that cannot be
     * given back so is cut.
     *
     * <p>A run needs {@code parallelism + 2} connections at the same time for as long as it lasts, and is refused when it
     * cannot have them; nobody waits longer than ten seconds for a connection. They must lead to the server itself, not to
     * a pooler such as pgbouncer. The ledger is made over the source's connections as they are: their {@code
     * statement_timeout} holds.
     */
    public static PostgresDatabase of(DataSource source) {
        return new PostgresDatabase(new PoolSource(source));
    }

    /** As {@link #at(Login, Map)}, where nobody asks who said so. */
    public static PostgresDatabase at(
            String url, @Nullable String user, @Nullable String password, Map<String, String> environment) {
        return at(new Login(url, user, password, "the URL"), environment);
    }

    /**
     * Describes a database; connects to nothing yet. What the login lacks comes from the service that it or PGSERVICE
     * names, then from the variables of libpq; a password also from the password file, at each connection anew.
     *
     * @param environment the variables of the process
     * @throws BackhoeException USAGE, when the URL is not understood, the service is not found, or a setting is not
     *     supported; by name, and without any value that may be a secret
     */
    public static PostgresDatabase at(Login login, Map<String, String> environment) {
        return new PostgresDatabase(new UrlSource(ConnectionUrl.parse(login, environment)));
    }

    @Override
    public String describe() {
        return source.toString();
    }

    /** Who would log in, as far as it is known; nothing is connected to find out. */
    public String userName() {
        return source.userName();
    }

    /** The password that was given, to be handed on to a process of one's own; empty when a password file has it. */
    public Optional<String> password() {
        return source.givenPassword();
    }

    /** Who said where this is: {@code host, port from --url; user from PGUSER; ...}. Without a secret. */
    public String sources() {
        return source.sources();
    }

    /**
     * {@inheritDoc}
     *
     * @throws BackhoeException UNREACHABLE, with a code that says why; REFUSED {@code server_too_old}
     */
    @Override
    public Session open(String applicationName, Map<String, String> settings) {
        Connection connection = source.connect();
        try {
            refuseOld(connection);
            return sessions.add(new PostgresSession(connection, source.loan(), applicationName, settings, time));
        } catch (DatabaseException e) {
            if (e.kind() == ErrorKind.CONNECTION_LOST) {
                throw e;
            }
            throw new BackhoeException(
                    ExitCode.UNREACHABLE,
                    "session_refused",
                    "The server refuses a session setting at " + source + ": " + e.getMessage(),
                    "check the role and the settings that the plan pins: " + settings.keySet(),
                    e);
        } catch (SQLException e) {
            throw source.explain(e);
        }
    }

    /**
     * For somebody who will not wait: what its sessions do is cancelled at the server, and they begin nothing more. What a
     * transaction had written is rolled back. Returns when nothing is under way, at the latest after two seconds or so.
     */
    public void stop() {
        sessions.stop();
    }

    private void refuseOld(Connection connection) throws SQLException {
        int major = connection.getMetaData().getDatabaseMajorVersion();
        if (major < OLDEST) {
            String version = connection.getMetaData().getDatabaseProductVersion();
            connection.close();
            throw new BackhoeException(
                    ExitCode.REFUSED,
                    "server_too_old",
                    "PostgreSQL " + version + " at " + source + " is older than " + OLDEST
                            + ", the oldest version that works",
                    "upgrade the server");
        }
    }

    @Override
    public ServerFacts server(Session session) {
        Row row = session.query("""
                        SELECT split_part(current_setting('server_version'), ' ', 1),
                               CAST(current_setting('server_version_num') AS integer) / 10000,
                               current_database(),
                               current_user,
                               pg_is_in_recovery() OR current_setting('default_transaction_read_only') = 'on'
                        """, Map.of()).get(0);
        return new ServerFacts(
                "PostgreSQL " + row.required(0),
                (int) row.number(1),
                row.required(2),
                row.required(3),
                own(session).pooled(),
                row.yes(4));
    }

    @Override
    public TableFacts table(Session session, TableName name) {
        return TableReader.read(own(session), TableLookup.find(session, name));
    }

    @Override
    public List<String> missingRights(Session session, TableFacts table, Set<String> columns) {
        return Rights.missing(session, table, columns);
    }

    @Override
    public List<String> missingRights(Session session, TableFacts table, BatchShape shape) {
        return shape.source() == null
                ? Rights.missing(session, table, shape.set().keySet())
                : RowRights.missing(session, table, shape.source().into() != null);
    }

    @Override
    public List<String> columns(Session session, String query) {
        return SourceCheck.columns(own(session), query);
    }

    @Override
    public double cost(Session session, String sql, Map<String, ? extends @Nullable String> parameters) {
        return Explain.cost(session, sql, parameters);
    }

    @Override
    public SetOff setsOff(Session session, TableName table) {
        return SetOffFacts.read(session, table);
    }

    @Override
    public void verify(Session session, TableFacts table, BatchShape shape) {
        if (shape.source() == null) {
            new ShapeCheck(session, table, shape.withoutRecords()).run();
        } else {
            new SourceCheck(session, table, shape).run();
        }
    }

    @Override
    public List<String> volatileFunctions(Session session, BatchShape shape) {
        return VolatileFunctions.of(session, shape.withoutRecords());
    }

    @Override
    public Lineage lineage(Session session, BatchShape shape) {
        return ExpressionReads.of(session, shape.withoutRecords());
    }

    @Override
    public TableSchemas schemas(Session session, Collection<TableName> tables) {
        return KnownTables.read(own(session), tables);
    }

    @Override
    public BatchSql sql(ServerFacts server, TableFacts table, BatchShape shape) {
        if (shape.source() != null) {
            return shape.source().into() == null
                    ? new InsertStatements(table, shape, shape.source()).sql()
                    : new DerivedStatements(table, shape, shape.source()).sql();
        }
        SettableColumns.refuseOthers(table, shape);
        return BatchStatements.of(server, table, shape);
    }

    @Override
    public BatchSql sqlAroundCall(TableFacts table, BatchShape shape) {
        SettableColumns.refuseOthers(table, shape);
        return CallStatements.of(table, shape);
    }

    @Override
    public BatchSql sqlOfRows(ServerFacts server, TableFacts table, BatchShape shape, List<String> reads) {
        SettableColumns.refuseOthers(table, shape);
        return GivenRows.of(server, table, shape, SettableColumns.existing(table, reads));
    }

    @Override
    public CheckSql checkSql(TableFacts table, BatchShape shape, Set<String> mayChange) {
        if (shape.source() != null) {
            return GapStatements.checks(table, shape, shape.source());
        }
        return CheckStatements.of(table, shape, mayChange);
    }

    @Override
    public GapSql gapSql(TableFacts table, BatchShape shape) {
        return new GapStatements(table, shape, Objects.requireNonNull(shape.source())).sql();
    }

    @Override
    public UndoSql undoSql(TableFacts table, BatchShape shape) {
        if (shape.source() == null) {
            return Images.looks(table, shape);
        }
        return shape.source().into() == null
                ? new InsertedImages(table, shape).looks()
                : new DerivedImages(table, shape).looks();
    }

    @Override
    public List<Long> estimateRows(
            Session session, TableName table, @Nullable ColumnFacts column, List<ChunkExtent> extents) {
        return new RowEstimates(session, column).of(table, extents);
    }

    @Override
    public Optional<SampledRows> sampleRows(
            Session session, TableName table, @Nullable ColumnFacts column, List<ChunkExtent> extents) {
        return new PageSample(session, table).rows(column, extents);
    }

    @Override
    public Map<TableName, Long> partitions(
            Session session, TableName table, @Nullable ColumnFacts column, @Nullable ChunkRange range) {
        return new RowEstimates(session, column).partitions(table, range);
    }

    @Override
    public List<List<Key>> cuts(Session session, BatchShape shape, List<ChunkExtent> extents, List<Integer> parts) {
        return new KeySample(session, shape).cuts(extents, parts);
    }

    @Override
    public QueryPlan explain(
            Session session,
            TableName table,
            String column,
            String sql,
            Map<String, ? extends @Nullable String> parameters) {
        return new Explain(session, table).plan(column, sql, parameters);
    }

    @Override
    public Measured measure(
            Session session, TableName table, String sql, Map<String, ? extends @Nullable String> parameters) {
        return new Explain(session, table).measure(sql, parameters);
    }

    @Override
    public Sizes sizes(Session session, TableName table) {
        return TableSizes.of(session, table);
    }

    /** {@inheritDoc} Without the locks that it has to wait for: emptying the end of the file would need one. */
    @Override
    public void vacuum(Session session, TableName table) {
        own(session).refuseWarning("VACUUM (SKIP_LOCKED, TRUNCATE false) " + Identifiers.quote(table));
    }

    @Override
    public ColumnWidths widths(Session session, TableFacts table) {
        return TableReader.widths(session, table);
    }

    @Override
    public long mostOfOneValue(Session session, TableFacts table, String column) {
        return TableReader.mostOfOneValue(session, table, column);
    }

    @Override
    public List<Double> averageBytes(Session session, String table) {
        return TableSizes.averageBytes(session, table);
    }

    @Override
    public Survey survey(Session session) {
        return new PostgresSurvey(session);
    }

    @Override
    public DataSource dataSource() {
        return source.dataSource();
    }

    @Override
    public void refuseFewer(int sessions) {
        source.refuseFewer(sessions);
    }

    private static PostgresSession own(Session session) {
        if (session instanceof PostgresSession own) {
            return own;
        }
        throw new IllegalArgumentException("a session of another database: " + session);
    }
}
