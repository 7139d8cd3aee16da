package io.backhoe.run.batch;

/** The segment was not where it was believed to be; the batch was rolled back, and the segment must be read again. */
public final class FenceBroken extends RuntimeException {
    private static final long serialVersionUID = 1L;

    FenceBroken() {
        super("the segment has moved");
    }
}
