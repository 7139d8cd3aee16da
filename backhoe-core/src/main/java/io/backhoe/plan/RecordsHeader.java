package io.backhoe.plan;

import io.backhoe.database.ColumnFacts;
import io.backhoe.database.IndexFacts;
import io.backhoe.database.Records;
import io.backhoe.database.TableFacts;
import io.backhoe.spec.Spec;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import io.backhoe.value.SqlName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the first line of a file of records says, seen from the table: which columns are its key, and which are values. */
final class RecordsHeader {
    /** The record itself, as in {@code to_jsonb(csv)} and {@code (csv).*}: all of its columns are spoken of. */
    private static final Pattern WHOLE_RECORD =
            Pattern.compile("(?<![\\w.])(?i:" + Records.ALIAS + ")(?![\\w$])(?!\\s*\\.\\s*[\\w\"])");

    private final TableFacts table;
    private final String file;
    private final List<String> names;

    /** @param written the names as they stand in the file */
    RecordsHeader(TableFacts table, String file, List<String> written) {
        this.table = table;
        this.file = file;
        this.names = written.stream().map(name -> named(table, name)).toList();
        for (String name : names) {
            if (names.indexOf(name) != names.lastIndexOf(name) || name.equals(Records.LINE)) {
                throw refused("column " + name
                        + (name.equals(Records.LINE) ? " has a name that is used here" : " is there twice"));
            }
        }
    }

    /** As the table names it; where it has no such column, as it is written. */
    static String named(TableFacts table, String written) {
        String lower = written.toLowerCase(Locale.ROOT);
        return table.column(written).isEmpty() && table.column(lower).isPresent() ? lower : written;
    }

    List<String> names() {
        return names;
    }

    /** The table's key; where the file does not hold all of that, the first unique key that it does hold. */
    List<String> key() {
        if (!table.key().isEmpty() && names.containsAll(table.key())) {
            return table.key();
        }
        Optional<IndexFacts> other = table.indexes().stream()
                .filter(i -> i.unique() && names.containsAll(i.columns()))
                .filter(i -> i.columns().stream()
                        .allMatch(c ->
                                table.column(c).filter(ColumnFacts::notNull).isPresent()))
                .findFirst();
        return other.map(IndexFacts::columns)
                .orElseThrow(() -> refused("its first line names no key of " + table.name() + ": that is "
                        + String.join(", ", table.key())
                        + ", or the columns of another unique index that are all NOT NULL"));
    }

    /** What is set, where the spec does not say it: each column that is not of the key, to what the record has for it. */
    Spec.Transform transform(List<String> key) {
        var set = new LinkedHashMap<String, String>();
        for (String name : names) {
            if (key.contains(name)) {
                continue;
            }
            if (table.column(name).isEmpty()) {
                throw refused("column " + name + " is none of " + table.name()
                        + "; one that only an expression uses needs transform.set: { COLUMN: \""
                        + Records.column(name) + "\" }");
            }
            set.put(name, Records.column(name));
        }
        if (set.isEmpty()) {
            throw refused("holds keys and no values, and transform.set does not say what is set");
        }
        return new Spec.Transform(set, null, null, new LinkedHashMap<>());
    }

    /** The columns that the spec's SQL speaks of, and the key's before them. */
    List<String> used(Spec spec, Spec.Transform transform, List<String> key) {
        var sql = Stream.of(
                        transform.set().values().stream(),
                        transform.missingWhen().values().stream(),
                        Stream.of(transform.on(), transform.from(), spec.scope().where())
                                .filter(Objects::nonNull))
                .flatMap(s -> s)
                .toList();
        var used = new ArrayList<>(key);
        for (String name : names) {
            if (!key.contains(name) && sql.stream().anyMatch(s -> speaksOf(s, name))) {
                used.add(name);
            }
        }
        return used;
    }

    private static boolean speaksOf(String sql, String name) {
        if (WHOLE_RECORD.matcher(sql).find()) {
            return true;
        }
        String quoted = Pattern.quote(SqlName.always(name));
        boolean plain = SqlName.quote(name).equals(name);
        String written = plain ? "(" + quoted + "|(?i:" + Pattern.quote(name) + ")(?![\\w$]))" : quoted;
        return Pattern.compile("\\b(?i:" + Records.ALIAS + ")\\s*\\.\\s*" + written)
                .matcher(sql)
                .find();
    }

    private BackhoeException refused(String what) {
        return new BackhoeException(
                ExitCode.USAGE,
                "records_invalid",
                file + ":1: " + what,
                "nothing was changed; mend the file and plan again");
    }
}
