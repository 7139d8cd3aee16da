package io.backhoe.plan;

import io.backhoe.spec.ChunkBy;
import io.backhoe.spec.Spec.ListedChunk;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Cuts a range into chunks of the calendar: no gap, no overlap, each in its period. */
public final class CalendarChunks {
    /** Beyond this a plan is no longer something that a person reviews. */
    static final int MOST = 100_000;

    /** @param chunks in order of time; without estimate where the spec lists none */
    public record Tiling(List<ListedChunk> chunks, List<String> notes) {
        public Tiling {
            chunks = List.copyOf(chunks);
            notes = List.copyOf(notes);
        }
    }

    private final ChunkBy unit;
    private final List<ListedChunk> chunks = new ArrayList<>();
    private final Set<String> ids = new HashSet<>();

    private CalendarChunks(ChunkBy unit) {
        this.unit = unit;
    }

    /**
     * Tiles {@code [start, end)}. A period that the range cuts keeps its id ({@code 2023-01}), and so does what a listed
     * chunk leaves of it; where that id is taken the next piece is {@code 2023-01.2}.
     *
     * @param listed kept as they are; inside the range, not overlapping, in any order
     */
    public static Tiling tile(LocalDateTime start, LocalDateTime end, ChunkBy unit, List<ListedChunk> listed) {
        if (!start.isBefore(end)) {
            throw new IllegalArgumentException("an empty range: [" + start + ", " + end + ")");
        }
        var tiles = new CalendarChunks(unit);
        listed.forEach(chunk -> tiles.ids.add(chunk.id()));
        if (tiles.ids.size() < listed.size()) {
            throw new IllegalArgumentException("two listed chunks with the same id");
        }
        var inOrder = new ArrayList<>(listed);
        inOrder.sort(Comparator.comparing(ListedChunk::start));
        LocalDateTime at = start;
        for (ListedChunk chunk : inOrder) {
            if (chunk.start().isBefore(at)
                    || !chunk.start().isBefore(chunk.end())
                    || chunk.end().isAfter(end)) {
                throw new IllegalArgumentException("a listed chunk overlaps, or lies outside: " + chunk);
            }
            tiles.fill(at, chunk.start());
            tiles.add(chunk);
            at = chunk.end();
        }
        tiles.fill(at, end);
        String note = tiles.note(listed);
        return new Tiling(tiles.chunks, note == null ? List.of() : List.of(note));
    }

    private void fill(LocalDateTime from, LocalDateTime to) {
        LocalDateTime at = from;
        while (at.isBefore(to)) {
            Period period = Period.of(unit, at);
            LocalDateTime end = period.end().isAfter(to) ? to : period.end();
            add(new ListedChunk(unused(period.id()), at, end, null));
            at = end;
        }
    }

    private String unused(String id) {
        String unused = id;
        for (int piece = 2; !ids.add(unused); piece++) {
            unused = id + "." + piece;
        }
        return unused;
    }

    private void add(ListedChunk chunk) {
        chunks.add(chunk);
        refuseTooMany(chunks.size(), unitName());
    }

    static void refuseTooMany(long chunks, String by) {
        if (chunks > MOST) {
            throw new BackhoeException(
                    ExitCode.USAGE,
                    "too_many_chunks",
                    "the scope makes more than " + MOST + " chunks by " + by,
                    "choose a larger strategy.chunk_by or chunk_size, or a smaller scope.date_range");
        }
    }

    private @Nullable String note(List<ListedChunk> listed) {
        int tiled = chunks.size() - listed.size();
        if (listed.isEmpty() || tiled == 0) {
            return null;
        }
        return listed.size() + (listed.size() == 1 ? " chunk is" : " chunks are") + " listed in the spec; the rest of"
                + " the scope is cut by " + unitName() + " into " + tiled + " more";
    }

    private String unitName() {
        return unit.word();
    }
}
