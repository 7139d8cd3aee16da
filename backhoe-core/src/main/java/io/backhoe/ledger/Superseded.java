package io.backhoe.ledger;

/** Another executor has taken the run over: everything this one still wanted to write is fenced off. */
public final class Superseded extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public Superseded(long runId, int epoch) {
        super("run " + runId + " has been taken over from executor " + epoch);
    }
}
