package io.backhoe.backup;

import io.backhoe.ledger.ExportedRecord;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Looks over what is at a place before anything is restored from it. */
public final class Inspection {
    private static final int TRIES = 3;
    private static final int NAMED = 20;

    private Inspection() {}

    /** Reads something of an object. */
    interface Use<T> {
        T of(Digest.Reading in) throws IOException;
    }

    /**
     * Reads all of the objects.
     *
     * @throws BackupException DAMAGED naming each that is missing, truncated, corrupted, or in another's place
     */
    public static void refuseDamaged(BackupStore store, List<ExportedRecord> entries) {
        List<String> faults = faults(store, entries);
        if (!faults.isEmpty()) {
            throw new BackupException(
                    BackupException.Kind.DAMAGED,
                    faults.size() + " of the " + entries.size() + " objects of the backup at " + store.location()
                            + " are not as they were written. Nothing was restored.\n  "
                            + String.join("\n  ", faults.subList(0, Math.min(NAMED, faults.size())))
                            + (faults.size() > NAMED ? "\n  and " + (faults.size() - NAMED) + " more" : ""),
                    null);
        }
    }

    /** What is wrong, a line an object; nothing when all is as it was written. */
    public static List<String> faults(BackupStore store, List<ExportedRecord> entries) {
        Map<String, Long> there = new HashMap<>();
        store.list().forEach(stored -> there.put(stored.name(), stored.bytes()));
        Map<String, String> byDigest = new HashMap<>();
        entries.forEach(entry -> byDigest.put(entry.sha256(), entry.object()));
        var faults = new ArrayList<String>();
        for (ExportedRecord entry : entries) {
            String fault = there.containsKey(entry.object()) ? fault(store, entry, byDigest) : "is missing";
            if (fault != null) {
                faults.add(entry.object() + " " + fault);
            }
        }
        faults.sort(Comparator.naturalOrder());
        return faults;
    }

    private static @Nullable String fault(BackupStore store, ExportedRecord entry, Map<String, String> byDigest) {
        Digest found;
        try {
            found = digest(store, entry.object());
        } catch (BackupException e) {
            if (e.kind() == BackupException.Kind.MISSING) {
                return "is missing";
            }
            throw e;
        }
        if (found.sha256().equals(entry.sha256())) {
            return null;
        }
        String owner = byDigest.get(found.sha256());
        if (owner != null) {
            return "was swapped: it holds what was written as " + owner;
        }
        if (found.bytes() != entry.bytes()) {
            return "is " + (found.bytes() < entry.bytes() ? "truncated" : "too long") + ": " + found.bytes()
                    + " bytes of " + entry.bytes();
        }
        return "is corrupted: SHA-256 " + found.sha256() + " in place of " + entry.sha256();
    }

    /**
     * A ledger that is older than the backup, as in a copy of the database or one that was brought back from an earlier time, must
     * neither add to the backup nor clear it away, nor take it for the whole.
     *
     * @param entries what the ledger knows
     * @param epoch the newest that the ledger has given away
     * @throws BackhoeException CONFLICT {@code ledger_older_than_backup}
     */
    public static void refuseOlderLedger(BackupStore store, List<ExportedRecord> entries, long runId, int epoch) {
        var newest = Manifest.newest(store);
        if (newest.isEmpty()) {
            return;
        }
        var known = new HashSet<String>();
        entries.forEach(entry -> known.add(entry.object()));
        var unknown = newest.get().entries().stream()
                .map(ExportedRecord::object)
                .filter(object -> !known.contains(object))
                .toList();
        if (!unknown.isEmpty() || newest.get().epoch() > epoch) {
            throw new BackhoeException(
                    ExitCode.CONFLICT,
                    "ledger_older_than_backup",
                    "The backup of run " + runId + " at " + store.location()
                            + " is further than the ledger of this database"
                            + (unknown.isEmpty()
                                    ? ""
                                    : ": it has " + unknown.size() + " objects that the ledger does not know, such as "
                                            + unknown.get(0))
                            + ". The database is a copy, or was brought back from an earlier time. The backup was left alone.",
                    "In a copy: backhoe cancel " + runId
                            + ", and let it be. Where the ledger alone is older, take the run back"
                            + " by hand, as docs/backups.md shows.");
        }
    }

    /** The names of before-images that are there and that no list knows. */
    public static List<String> unlisted(BackupStore store, List<ExportedRecord> entries) {
        var names = new TreeSet<String>();
        store.list().forEach(stored -> names.add(stored.name()));
        names.removeIf(name -> Manifest.isManifest(name) || name.equals(Manifest.PLAN));
        entries.forEach(entry -> names.remove(entry.object()));
        return List.copyOf(names);
    }

    /** All of an object, of which it is known that it is small. */
    public static byte[] bytes(BackupStore store, String object) {
        return reading(store, object, Digest.Reading::readAllBytes);
    }

    private static Digest digest(BackupStore store, String object) {
        return reading(store, object, Digest::of);
    }

    /** From the start again, where a place stops answering in the middle. */
    private static <T> T reading(BackupStore store, String object, Use<T> use) {
        for (int tried = 1; ; tried++) {
            try (var in = new Digest.Reading(store.get(object))) {
                return use.of(in);
            } catch (IOException e) {
                if (tried == TRIES) {
                    throw new BackupException(
                            BackupException.Kind.DOWN, store.location() + object + " cannot be read: " + e, e);
                }
            }
        }
    }
}
