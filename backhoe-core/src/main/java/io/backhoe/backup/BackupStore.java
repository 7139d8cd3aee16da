package io.backhoe.backup;

import io.backhoe.value.BackupLocation;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;

/**
 * A place that keeps objects: what has been put there is there whole, or not at all. Thread-safe. Every method throws
 * {@link BackupException}, and blocks for as long as the place takes, within time limits of its own.
 */
public interface BackupStore extends AutoCloseable {
    /** What writes an object. */
    interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /** An object that is there. */
    record Stored(String name, long bytes) {}

    /** Where it is; names of objects follow. */
    BackupLocation location();

    /**
     * Writes an object, streaming, and has it on stable storage when this returns. An object of that name is replaced in one
     * step. What an exception of the content interrupts is not there afterwards.
     *
     * @return what is there now, as the place itself says: read back, or by a checksum that it has computed
     */
    Digest put(String name, Content content);

    /** Opens an object for reading; the stream throws {@link IOException} where the place does not go on answering. */
    InputStream get(String name);

    /** All objects, in order of their names. */
    List<Stored> list();

    /** The names of the places right below this one. */
    List<String> folders();

    /** Why an object cannot be deleted now, such as a retention until a day; empty where nothing is known against it. */
    Optional<String> held(String name);

    /**
     * Deletes an object for good, with all of its versions; one that is not there is no error.
     *
     * @return why it stays; empty when it is gone
     */
    Optional<String> delete(String name);

    /** Removes what writes have left that were interrupted by the end of their process. */
    void clearUnfinished();

    /** Removes the place itself, where nothing is in it and a place can be without objects. */
    default void removeIfEmpty() {}

    @Override
    void close();
}
