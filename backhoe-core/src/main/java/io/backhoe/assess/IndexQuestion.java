package io.backhoe.assess;

import io.backhoe.database.IndexUse;
import io.backhoe.database.Shown;
import io.backhoe.value.SqlName;
import io.backhoe.value.TableName;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What each changed row costs in indexes and pages. */
final class IndexQuestion implements Question {
    private static final int FULL = 100;

    @Override
    public String about() {
        return "what a changed row costs in indexes";
    }

    @Override
    public List<Finding> ask(Subject subject) {
        Shown<List<IndexUse>> indexes = subject.ofTable().indexes();
        Set<String> written = written(subject);
        List<IndexUse> touched = indexes.value().stream()
                .filter(i -> !Collections.disjoint(i.uses(), written))
                .filter(i -> !summarizes(i, subject.server().major()))
                .toList();
        var findings = new ArrayList<Finding>();
        for (IndexUse index : touched) {
            findings.add(grows(index, subject, indexes.value().size()).shownBy(indexes.sql()));
        }
        if (touched.isEmpty()) {
            findings.addAll(room(subject, indexes.value().size()));
        }
        return findings;
    }

    /** What is set, and what the server computes from that. */
    private static Set<String> written(Subject subject) {
        var written = new HashSet<>(subject.columns());
        subject.ofTable().columns().value().stream()
                .filter(c -> !Collections.disjoint(c.computedFrom(), subject.columns()))
                .forEach(c -> written.add(c.name()));
        return written;
    }

    /** A BRIN index keeps no entry for a row, and from PostgreSQL 16 on does not stand in the way of a HOT update. */
    private static boolean summarizes(IndexUse index, int major) {
        return index.method().equals("brin") && major >= 16;
    }

    private static Finding grows(IndexUse index, Subject subject, int all) {
        return Finding.warning(
                        "index_on_set_column",
                        "Index " + index.name() + " (" + Amount.bytes(index.bytes())
                                + ") depends on a column that is set, or is computed from one: each changed row gets a new entry there"
                                + (all == 1 ? "." : ", and in all " + all + " indexes of the table."))
                .with("index", index.name())
                .with("bytes", index.bytes())
                .with("indexes", (long) all)
                .remedy("If nobody needs it before the backfill is done, build it afterwards (CREATE INDEX"
                        + " CONCURRENTLY): that is several times cheaper. Else plan for growth, and afterwards REINDEX"
                        + " INDEX CONCURRENTLY "
                        + SqlName.quote(new TableName(subject.table().name().schema(), index.name()))
                        + ";");
    }

    private static List<Finding> room(Subject subject, int all) {
        var storage = subject.ofTable().storage();
        return storage.value().fillfactor() < FULL
                ? List.of()
                : List.of(Finding.info(
                                "pages_are_full",
                                "The table's pages are filled to the brim (fillfactor 100): most new versions of rows go to"
                                        + " other pages at first, with an entry in "
                                        + (all == 1 ? "its index" : "each of its " + all + " indexes")
                                        + ". The table grows by about what is changed.")
                        .with("fillfactor", (long) storage.value().fillfactor())
                        .with("heap_bytes", storage.value().heapBytes())
                        .shownBy(storage.sql()));
    }
}
