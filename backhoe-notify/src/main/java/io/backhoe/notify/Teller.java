package io.backhoe.notify;

import io.backhoe.report.RunReport;
import io.backhoe.run.RunListener;
import org.jspecify.annotations.Nullable;

/** Tells somebody of one execution of a run. Takes no time of the run's, and never fails. Thread-safe. */
public interface Teller extends RunListener, AutoCloseable {
    /**
     * The process works on it no longer, and this is how it stands.
     *
     * @param command what to type next; null where there is nothing to do
     */
    void ended(RunReport report, @Nullable String command);

    /** The process works on it no longer, and another one, which tells whom this one told, goes on with it at once. */
    void left(RunReport report);

    /** The process works on it no longer, because of an error. */
    void broke(Throwable why);

    /** Sends what is left, within a few seconds. */
    @Override
    void close();
}
