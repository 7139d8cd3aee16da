package io.backhoe.transform;

import java.util.List;

/**
 * Makes values of rows, where SQL cannot say how: rows in, rows out, and not a word of the database. Of a batch's rows it is
 * given the key and the columns that the spec names ({@code reads}), and answers for each what its columns are to be.
 *
 * <p>A plan names it ({@code transform.java: NAME}). It comes from a jar given by {@code --plugin}, in which {@link
 * java.util.ServiceLoader} finds it (the file {@code META-INF/services/io.backhoe.transform.RowTransform} names the class, which
 * has a public constructor without parameters), or from the program itself by {@code Backhoe.withRowTransform}.
 *
 * <p><b>Threads.</b> There is one instance for a whole run, and it is called from several threads at the same time, each with
 * other rows; in which order is not said. No connection is held for it: rows are read before, and written after it.
 *
 * <p><b>Exactly once</b> is what happens to the rows, not how often it is called: a batch that was rolled back is computed
 * again, from the rows as they are by then. So what it answers should follow from what it is given, and what it does elsewhere
 * (a message sent, a file written) may happen more than once.
 */
public interface RowTransform {
    /** By which plans name it: one line, at most 100 characters. */
    String name();

    /**
     * @param rows some of a batch, at least one; not to be kept after the call
     * @return what is to be done with each, in the same order and as many
     * @throws Exception when it cannot be done for one of the rows: they are given again in smaller parts, until it is the one
     *     row alone, which is set aside with the class of the exception and where it was thrown, and without its message.
     *     An {@link Error} fails the chunk, but a {@link StackOverflowError}, which is a row's
     */
    List<RowResult> apply(List<InputRow> rows) throws Exception;
}
