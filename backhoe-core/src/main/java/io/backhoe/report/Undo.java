package io.backhoe.report;

import io.backhoe.report.Section.Block;
import io.backhoe.report.Section.Command;
import io.backhoe.report.Section.Text;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How to take a run back, and how to go on with one that has stopped. */
public final class Undo {
    private final RunAccount account;
    private final String flags;

    /** @param flags what a command needs to find the same database, with a leading space, or nothing */
    public Undo(RunAccount account, String flags) {
        this.account = account;
        this.flags = flags;
    }

    /** The command that takes the run back; null when there is nothing to take back, or no way to. */
    public @Nullable String command() {
        boolean nothing = account.report().changed() == 0;
        if (nothing || !account.undoable()) {
            return null;
        }
        return switch (account.run().state()) {
            case PLANNED, RUNNING, VERIFYING, PAUSED, SUCCEEDED, PARTIAL, FAILED, CANCELLED, ROLLBACK_PARTIAL ->
                verb("rollback");
            case ROLLING_BACK -> account.going() ? null : verb("resume");
            case ROLLED_BACK -> null;
        };
    }

    List<Block> blocks() {
        var blocks = new ArrayList<Block>();
        blocks.add(new Text(text()));
        String command = command();
        if (command != null) {
            if (account.isOpen() && !command.equals(verb("resume"))) {
                blocks.add(new Command(verb("pause")));
            }
            blocks.add(new Command(command));
        }
        return blocks;
    }

    private String text() {
        var report = account.report();
        if (report.changed() == 0) {
            return "The run has changed no row so far, so there is nothing to undo.";
        }
        var purged = account.run().purgedAt();
        if (purged != null) {
            return "The before-images were purged on " + Numbers.instant(purged)
                    + ": Backhoe can no longer take it back." + " Restore from a backup.";
        }
        if (!account.undoable()) {
            return "The run keeps no before-images (rollback.strategy: none), so Backhoe cannot take it back. Restore from"
                    + " a backup.";
        }
        String backup = account.run().backup();
        String left = (backup == null
                        ? ""
                        : " What it overwrote is also at " + backup
                                + ", and --from-backup restores it with that alone.")
                + " A row that somebody has changed since is left alone and counted. What triggers did is not undone.";
        return switch (account.run().state()) {
            case ROLLED_BACK ->
                "It was taken back: " + Numbers.of(report.restored(), "row")
                        + " restored. There is nothing left to undo.";
            case ROLLING_BACK ->
                account.going()
                        ? "It is being taken back now."
                        : "Its rollback was begun, but no process works on it. This goes on with it:";
            case ROLLBACK_PARTIAL ->
                "It was taken back in part: " + Numbers.of(report.restored(), "row") + " restored, "
                        + Numbers.count(report.kept())
                        + " kept because somebody has changed or deleted them since. This tries the chunks that are left:";
            case PLANNED, RUNNING, VERIFYING -> "Stop it first; then restore what it overwrote." + left;
            case PAUSED, SUCCEEDED, PARTIAL, FAILED, CANCELLED -> "This restores what it overwrote." + left;
        };
    }

    private String verb(String verb) {
        return "backhoe " + verb + " " + account.run().id() + flags;
    }
}
