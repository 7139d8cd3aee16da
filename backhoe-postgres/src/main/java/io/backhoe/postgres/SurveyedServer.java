package io.backhoe.postgres;

import io.backhoe.database.ArchiveFacts;
import io.backhoe.database.FunctionFacts;
import io.backhoe.database.LoadFacts;
import io.backhoe.database.OpenTransactions;
import io.backhoe.database.ReplicaFacts;
import io.backhoe.database.Row;
import io.backhoe.database.ServerSurvey;
import io.backhoe.database.Session;
import io.backhoe.database.Shown;
import io.backhoe.database.SlotFacts;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.ObjectMapper;

/** Reads {@link ServerSurveySql}. */
final class SurveyedServer implements ServerSurvey {
    private final Look look;

    SurveyedServer(Session session) {
        this.look = new Look(session, Map.of());
    }

    @Override
    public int newestTested() {
        return PostgresDatabase.NEWEST_TESTED;
    }

    @Override
    public Shown<Boolean> standby() {
        return look.one("SELECT pg_is_in_recovery()", row -> row.yes(0));
    }

    @Override
    public Shown<OpenTransactions> transactions() {
        return look.rows(
                ServerSurveySql.TRANSACTIONS,
                rows -> new OpenTransactions(
                        shown(rows).stream()
                                .map(row -> new OpenTransactions.Open(
                                        row.required(0), row.required(1), row.yes(2), row.yes(3), row.number(4)))
                                .toList(),
                        hidden(rows)));
    }

    @Override
    public Shown<ReplicaFacts> replicas() {
        return look.rows(
                ServerSurveySql.REPLICAS,
                rows -> new ReplicaFacts(
                        shown(rows).stream()
                                .filter(row -> row.text(0) != null)
                                .map(row -> new ReplicaFacts.Replica(
                                        row.required(0),
                                        row.text(1) == null ? null : Double.valueOf(row.required(1)),
                                        row.text(2) == null ? null : Long.valueOf(row.required(2))))
                                .toList(),
                        rows.get(0).required(3),
                        hidden(rows)));
    }

    @Override
    public Shown<SlotFacts> slots() {
        return look.rows(
                ServerSurveySql.SLOTS,
                rows -> new SlotFacts(
                        rows.stream()
                                .filter(row -> row.text(0) != null)
                                .map(row -> new SlotFacts.Slot(row.required(0), row.yes(1), row.number(2)))
                                .toList(),
                        rows.get(0).number(3)));
    }

    @Override
    public Shown<LoadFacts> load() {
        return look.one(ServerLoadSql.LOAD, ServerLoad::read);
    }

    @Override
    public Shown<ArchiveFacts> archive() {
        Row rights = look.one(ServerLoadSql.ARCHIVE_RIGHT, row -> row).value();
        if (rights.required(0).equals("off")) {
            return new Shown<>(new ArchiveFacts(0L, null), ServerLoadSql.ARCHIVE_RIGHT);
        }
        return rights.yes(1)
                ? look.one(ServerLoadSql.ARCHIVE, row -> new ArchiveFacts(row.number(0), null))
                : new Shown<>(new ArchiveFacts(null, rights.required(2)), ServerLoadSql.ARCHIVE_RIGHT);
    }

    @Override
    public Shown<List<FunctionFacts>> functions(Set<String> names) {
        String json = new ObjectMapper().writeValueAsString(names);
        return look.with("names", json)
                .each(ServerSurveySql.FUNCTIONS, row -> new FunctionFacts(row.required(0), row.yes(1), row.yes(2)));
    }

    /** The last column says whether the state of that row's session is hidden from us. */
    private static List<Row> shown(List<Row> rows) {
        return rows.stream().filter(row -> !isHidden(row)).toList();
    }

    private static int hidden(List<Row> rows) {
        return (int) rows.stream().filter(SurveyedServer::isHidden).count();
    }

    private static boolean isHidden(Row row) {
        return row.yes(row.values().size() - 1);
    }
}
