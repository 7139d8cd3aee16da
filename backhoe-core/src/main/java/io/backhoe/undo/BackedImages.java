package io.backhoe.undo;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import io.backhoe.backup.BackupException;
import io.backhoe.backup.BackupStore;
import io.backhoe.backup.Digest;
import io.backhoe.backup.Inspection;
import io.backhoe.database.BatchSql;
import io.backhoe.database.Session;
import io.backhoe.ledger.ExportedRecord;
import io.backhoe.plan.Plan;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;

/** Before-images that come back from a backup, streaming: memory holds a piece of one object at most. */
public final class BackedImages {
    private BackedImages() {}

    /**
     * Makes the table of before-images of a run anew, from all of its objects, in one transaction.
     *
     * @throws BackupException DAMAGED or MISSING, naming the objects, before anything is written
     */
    public static void bringBack(
            Session session, Plan plan, long runId, BackupStore store, List<ExportedRecord> entries) {
        Inspection.refuseDamaged(store, entries);
        String run = Long.toString(runId);
        String table = BatchSql.IMAGES.replace(BatchSql.RUN, run);
        session.begin(Session.Isolation.READ_COMMITTED);
        try {
            session.execute("SET LOCAL synchronous_commit TO DEFAULT");
            session.execute("DROP TABLE IF EXISTS " + table);
            session.execute(Objects.requireNonNull(plan.sql().images()).replace(BatchSql.RUN, run));
            for (ExportedRecord entry : entries) {
                load(session, store, entry, table);
            }
            session.commit();
        } finally {
            session.rollback();
        }
    }

    /**
     * Loads an object into a table like that of before-images, in the caller's transaction.
     *
     * @throws BackupException DAMAGED when it is not what was written; the transaction must not commit
     */
    static void load(Session session, BackupStore store, ExportedRecord entry, String table) {
        try (var in = new Digest.Reading(store.get(entry.object()));
                var plain = new ZstdInputStreamNoFinalizer(in)) {
            long rows = session.copyIn("COPY " + table + " FROM STDIN (FORMAT csv, HEADER)", plain);
            in.transferTo(OutputStream.nullOutputStream());
            Digest found = in.digest();
            if (!found.sha256().equals(entry.sha256()) || rows != entry.rows()) {
                throw new BackupException(
                        BackupException.Kind.DAMAGED,
                        store.location() + entry.object() + " is no longer what was written: " + rows + " rows of "
                                + entry.rows() + ", SHA-256 " + found.sha256() + " in place of " + entry.sha256(),
                        null);
            }
        } catch (IOException | UncheckedIOException e) {
            throw new BackupException(
                    BackupException.Kind.DOWN, store.location() + entry.object() + " cannot be read: " + e, e);
        }
    }
}
