package io.backhoe;

import io.backhoe.database.Database;
import io.backhoe.database.Session;
import io.backhoe.plan.Plan;
import io.backhoe.plan.Planner;
import io.backhoe.plan.RecordsReading;
import io.backhoe.spec.Spec;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a correction needs of its file of records: nothing where a spec names none. Thread-safe. */
record Correcting(Database database, Path folder) {
    /** As {@link Planner#plan(Spec, List)}. */
    Plan plan(Spec spec, List<String> warnings) {
        var planner = new Planner(database);
        if (spec.records() == null) {
            return planner.plan(spec, warnings);
        }
        try (var session = open(spec)) {
            var resolved = reading().resolved(session, spec);
            var chosen = reading().examined(session, resolved);
            return planner.plan(resolved, warnings, chosen);
        }
    }

    /** The spec as it can be asked about; on a standby the file is not compared with the table, for which it needs a table. */
    Spec assessed(Spec spec) {
        if (spec.records() == null) {
            return spec;
        }
        try (var session = open(spec)) {
            var resolved = reading().resolved(session, spec);
            if (!database.server(session).readOnly()) {
                reading().examined(session, resolved);
            }
            return resolved;
        }
    }

    /** @throws io.backhoe.value.BackhoeException DRIFTED {@code records_changed} */
    void refuseOther(Plan plan) {
        if (plan.spec().records() != null) {
            reading().refuseOther(plan);
        }
    }

    /** Has a session hold the records, before there is a run that does. */
    void load(Session session, Plan plan) {
        if (plan.spec().records() != null) {
            reading().load(session, plan);
        }
    }

    private RecordsReading reading() {
        return new RecordsReading(database, folder);
    }

    /** In the zone in which a run reads times without one. */
    private Session open(Spec spec) {
        var settings = new HashMap<>(Map.of("lock_timeout", "2s", "statement_timeout", "10min"));
        settings.put("TimeZone", spec.scope().timezone().getId());
        return database.open("backhoe/records", settings);
    }
}
