package io.backhoe.assess;

import io.backhoe.database.Database;
import io.backhoe.database.Session;
import io.backhoe.spec.Spec;
import io.backhoe.value.SignalName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a run will not be able to watch here, and what would cure that. */
public final class Unwatched {
    private Unwatched() {}

    /** A sentence for each cure; none where all can be watched. */
    public static List<String> of(Database database, Session session, Spec spec) {
        var server = database.survey(session).server();
        var load = server.load().value();
        var cures = new LinkedHashMap<String, List<SignalName>>();
        if (spec.server().cpus() == null && !limited(spec, SignalName.ACTIVE_SESSIONS)) {
            add(cures, "server: { cpus: N } in the spec", SignalName.ACTIVE_SESSIONS);
        } else if (load.active() == null) {
            add(cures, load.cure(), SignalName.ACTIVE_SESSIONS);
        }
        if (load.hidden() > 0) {
            add(cures, load.cure(), SignalName.REPLICA_LAG);
        }
        var archive = server.archive().value();
        if (archive.waiting() == null) {
            add(cures, archive.cure(), SignalName.WAL_ARCHIVE);
        }
        if (spec.server().diskFree() == null) {
            add(cures, "server: { disk_free: 200GB } in the spec", SignalName.DISK);
        }
        var sentences = new ArrayList<String>();
        cures.forEach((cure, names) -> sentences.add("not watched: "
                + String.join(", ", names.stream().map(SignalName::word).toList()) + "; cured by " + cure));
        return sentences;
    }

    private static boolean limited(Spec spec, SignalName name) {
        return spec.pacing().throttle().limits().containsKey(name);
    }

    private static void add(Map<String, List<SignalName>> cures, @Nullable String cure, SignalName name) {
        cures.computeIfAbsent(cure == null ? "nothing" : cure, c -> new ArrayList<>())
                .add(name);
    }
}
