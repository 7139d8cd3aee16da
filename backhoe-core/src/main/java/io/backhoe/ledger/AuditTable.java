package io.backhoe.ledger;

import io.backhoe.database.Row;
import io.backhoe.database.Session;
import io.backhoe.ledger.Audit.Verdict;
import io.backhoe.value.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Walks a run's chain of events from its first to its last, and computes each hash anew, here and not in the database.
 * Writes nothing. Confined to one thread.
 */
public final class AuditTable {
    private static final int PAGE = 5_000;

    private final Session session;
    private final long runId;
    private final MessageDigest digest;
    private long seen;
    private long notCovered;
    private String head = "";
    private @Nullable String became;

    private AuditTable(Session session, long runId) {
        this.session = session;
        this.runId = runId;
        this.digest = Sha256.begin();
    }

    /** The caller's transaction says how far run and events are of one moment. */
    public static Audit of(Session session, long runId) {
        return new AuditTable(session, runId).walk();
    }

    /** All runs, newest first, those too of which nothing but events is left. */
    public static List<Long> runs(Session session) {
        return session
                .query(
                        "SELECT run_id FROM backhoe.run UNION SELECT run_id FROM backhoe.event ORDER BY run_id DESC",
                        Map.of())
                .stream()
                .map(row -> row.number(0))
                .toList();
    }

    private Audit walk() {
        var runs = session.query("""
                        SELECT events, event_head, events_before, state FROM backhoe.run WHERE run_id = CAST(:run AS bigint)
                        """, Map.of("run", Long.toString(runId)));
        if (runs.isEmpty()) {
            return fails(null, "is left without its run, whose row was removed");
        }
        Row run = runs.get(0);
        long last = Long.MIN_VALUE;
        List<Row> page;
        do {
            page = page(last);
            for (Row event : page) {
                last = event.number(0);
                String wrong = wrong(event);
                if (wrong != null) {
                    return fails(last, wrong);
                }
            }
        } while (page.size() == PAGE);
        Audit audit = end(run.number(0), run.text(1), run.number(2));
        String state = run.required(3);
        return audit.verdict() == Verdict.HOLDS && became != null && !became.equals(state)
                ? fails(null, "says that the run became " + became + " last, and the run says " + state)
                : audit;
    }

    private List<Row> page(long after) {
        return session.query(
                "SELECT event_id, seq, hash, " + EventTable.CONTENT + """
                        , CASE WHEN kind = 'state' THEN became END
                         FROM backhoe.event
                        WHERE run_id = CAST(:run AS bigint) AND event_id > CAST(:after AS bigint)
                        ORDER BY event_id LIMIT CAST(:page AS integer)
                        """,
                Map.of("run", Long.toString(runId), "after", Long.toString(after), "page", Integer.toString(PAGE)));
    }

    /** @return what is wrong with the next event; null when it fits */
    private @Nullable String wrong(Row event) {
        String seq = event.text(1);
        String hash = event.text(2);
        if (seq == null || hash == null) {
            if (seen > 0) {
                return "has no place in the chain: it was added by hand";
            }
            notCovered++;
            return null;
        }
        long place = Long.parseLong(seq);
        if (place != seen + 1) {
            return place > seen + 1
                    ? "has place " + place + " and follows place " + seen + ": what was between them was removed"
                    : "has place " + place + ", which is taken: it was added or moved by hand";
        }
        String expected =
                HexFormat.of().formatHex(digest.digest((head + event.required(3)).getBytes(StandardCharsets.UTF_8)));
        if (!expected.equals(hash)) {
            return "is not what was written: it was edited, or put there, by hand";
        }
        String state = event.text(4);
        became = state == null ? became : state;
        seen = place;
        head = hash;
        return null;
    }

    private Audit end(long events, @Nullable String lastHash, long before) {
        if (notCovered > before) {
            return fails(null, "has " + (notCovered - before) + " more outside of the chain than it began with");
        } else if (notCovered < before) {
            return fails(null, "has lost " + (before - notCovered) + " that are older than the chain");
        } else if (seen < events) {
            return fails(null, "ends at place " + seen + " and had " + events + ": the last were removed");
        } else if (!head.equals(lastHash == null ? "" : lastHash)) {
            return fails(null, "ends in another hash than the run has");
        } else if (seen == 0) {
            return new Audit(
                    runId,
                    Verdict.COULD_NOT_TELL,
                    0,
                    notCovered,
                    null,
                    "Not covered: the run is older than the chain of events.",
                    null);
        }
        String older = notCovered == 0 ? "" : " " + notCovered + " older events are not covered.";
        return new Audit(
                runId,
                Verdict.HOLDS,
                seen,
                notCovered,
                null,
                "The chain of " + seen + " events is whole." + older,
                head);
    }

    private Audit fails(@Nullable Long event, String what) {
        String subject = event == null ? "The chain " : "Event " + event + " ";
        return new Audit(runId, Verdict.FAILS, seen, notCovered, event, subject + what + ".", null);
    }
}
