package io.backhoe.value;

/** A chunk's range {@code [start, end)} of the chunk column, in the server's text form for that column's type. */
public record ChunkRange(String start, String end) {
    @Override
    public String toString() {
        return "[" + start + ", " + end + ")";
    }
}
