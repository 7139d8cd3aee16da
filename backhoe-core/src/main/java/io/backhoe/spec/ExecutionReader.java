package io.backhoe.spec;

import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the checks and the chunks that a file lists. */
final class ExecutionReader {
    private record At(Value value, Spec.ListedChunk chunk) {}

    private final @Nullable Section in;
    private final List<String> warnings;

    /** @param in null when the file says nothing of it */
    ExecutionReader(@Nullable Section in, List<String> warnings) {
        this.in = in;
        this.warnings = warnings;
    }

    /** @param transform whose columns the checks may name, or null */
    List<Check> checks(String key, Spec.@Nullable Transform transform) {
        List<Value> items = in == null ? List.of() : in.items(key);
        return new CheckReader(key.equals("pre_checks"), transform, warnings).read(items);
    }

    /** @param scope that the chunks must lie in; null when it could not be read */
    List<Spec.ListedChunk> chunks(Spec.@Nullable Scope scope) {
        var read = new ArrayList<At>();
        Set<String> ids = new HashSet<>();
        for (Value item : in == null ? List.<Value>of() : in.items("chunks")) {
            Section section = item.section();
            if (section == null) {
                if (item.isNothing()) {
                    item.problem("is empty");
                }
                continue;
            }
            Spec.ListedChunk chunk = chunk(section);
            if (chunk == null) {
                continue;
            }
            if (!ids.add(chunk.id())) {
                item.problem("the id '" + chunk.id() + "' was already given to another chunk");
            }
            if (scope != null && scope.start() == null) {
                item.problem("a chunk that is listed needs scope.date_range");
            } else if (scope != null
                    && (chunk.start().isBefore(scope.from()) || chunk.end().isAfter(scope.to()))) {
                item.problem("chunk '" + chunk.id() + "' " + range(chunk.start(), chunk.end())
                        + " lies outside scope.date_range " + range(scope.from(), scope.to()));
            }
            read.add(new At(item, chunk));
        }
        findOverlaps(read);
        return read.stream().map(At::chunk).toList();
    }

    private Spec.@Nullable ListedChunk chunk(Section section) {
        String id = section.require("id", Value::label);
        List<Value> ends = section.require("date_range", Value::pair);
        Long rows = section.read("estimated_rows", Value::rows);
        String status = section.read("status", Value::text);
        if (status != null && id != null) {
            warnings.add("execution.chunks: the status '" + status + "' of chunk '" + id
                    + "' is ignored; what has run stands in the ledger");
        }
        if (ends == null) {
            return null;
        }
        LocalDateTime start = ends.get(0).moment();
        LocalDateTime end = ends.get(1).moment();
        if (start != null && end != null && !start.isBefore(end)) {
            section.problem(
                    "date_range",
                    Moment.text(end) + " is not after " + Moment.text(start)
                            + "; the range is half-open, [start, end)");
            return null;
        }
        return id == null || start == null || end == null ? null : new Spec.ListedChunk(id, start, end, rows);
    }

    private static void findOverlaps(List<At> read) {
        var byStart = new ArrayList<>(read);
        byStart.sort(Comparator.comparing(at -> at.chunk.start()));
        At furthest = null;
        for (At at : byStart) {
            if (furthest != null && at.chunk.start().isBefore(furthest.chunk.end())) {
                at.value.problem("chunk '" + at.chunk.id() + "' " + range(at.chunk.start(), at.chunk.end())
                        + " overlaps chunk '" + furthest.chunk.id() + "' "
                        + range(furthest.chunk.start(), furthest.chunk.end()));
            }
            if (furthest == null || at.chunk.end().isAfter(furthest.chunk.end())) {
                furthest = at;
            }
        }
    }

    private static String range(LocalDateTime start, LocalDateTime end) {
        return "[" + Moment.text(start) + ", " + Moment.text(end) + ")";
    }
}
