package io.backhoe.postgres;

import io.backhoe.database.ColumnUse;
import io.backhoe.database.ConstraintFacts;
import io.backhoe.database.IndexUse;
import io.backhoe.database.PublicationFacts;
import io.backhoe.database.RowSecurityFacts;
import io.backhoe.database.Session;
import io.backhoe.database.Shown;
import io.backhoe.database.StorageFacts;
import io.backhoe.database.TableSurvey;
import io.backhoe.database.TriggerFacts;
import io.backhoe.database.VacuumFacts;
import io.backhoe.value.TableName;
import java.util.List;
import java.util.Map;

/** Reads {@link TableSurveySql}. */
final class SurveyedTable implements TableSurvey {
    private final Look look;

    SurveyedTable(Session session, TableName table) {
        this.look = new Look(session, Map.of("table", Identifiers.quote(table)));
    }

    @Override
    public Shown<StorageFacts> storage() {
        return look.one(
                TableSurveySql.STORAGE,
                row -> new StorageFacts(
                        row.number(0), row.number(1), row.number(2), (int) row.number(3), Look.texts(row, 4), (int)
                                row.number(5)));
    }

    @Override
    public Shown<List<IndexUse>> indexes() {
        return look.each(
                TableSurveySql.INDEXES,
                row -> new IndexUse(
                        row.required(0), row.required(1), Look.texts(row, 2), Look.texts(row, 3), row.number(4)));
    }

    @Override
    public Shown<List<TriggerFacts>> triggers() {
        return look.each(
                TableSurveySql.TRIGGERS,
                row -> new TriggerFacts(
                        row.required(0),
                        row.yes(1),
                        row.yes(2),
                        Look.texts(row, 3),
                        row.required(4),
                        Look.texts(row, 5)));
    }

    @Override
    public Shown<List<ConstraintFacts>> constraints() {
        return look.each(
                TableSurveySql.CONSTRAINTS,
                row -> new ConstraintFacts(
                        row.required(0),
                        ConstraintFacts.Kind.valueOf(row.required(1)),
                        Look.texts(row, 2),
                        row.yes(3),
                        row.required(4),
                        row.required(5)));
    }

    @Override
    public Shown<List<ColumnUse>> columns() {
        return look.each(
                TableSurveySql.COLUMNS, row -> new ColumnUse(row.required(0), row.text(1), Look.texts(row, 2)));
    }

    @Override
    public Shown<RowSecurityFacts> rowSecurity() {
        return look.one(
                TableSurveySql.ROW_SECURITY, row -> new RowSecurityFacts(row.yes(0), row.yes(1), Look.texts(row, 2)));
    }

    @Override
    public Shown<PublicationFacts> publications() {
        return look.one(
                TableSurveySql.PUBLICATIONS,
                row -> new PublicationFacts(Look.texts(row, 0), row.yes(1), row.yes(2), row.yes(3)));
    }

    @Override
    public Shown<VacuumFacts> vacuum() {
        return look.one(
                TableSurveySql.VACUUM,
                row -> new VacuumFacts(
                        row.yes(0),
                        row.yes(1),
                        row.number(2),
                        row.number(3),
                        row.yes(4),
                        row.yes(5),
                        row.yes(6),
                        row.number(7),
                        row.number(8)));
    }
}
