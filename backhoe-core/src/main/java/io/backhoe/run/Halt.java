package io.backhoe.run;

import io.backhoe.value.ExitCode;
import io.backhoe.value.RunState;

/**
 * Why a run stops before its end.
 *
 * @param canary whether the first part of the run is done, and somebody is to look at it
 * @param next the state that it is left in; RUNNING means that somebody else has it
 */
record Halt(RunState next, ExitCode exit, String reason, boolean canary) {
    static Halt pause(ExitCode exit, String reason) {
        return new Halt(RunState.PAUSED, exit, reason, false);
    }

    static Halt afterCanary(String reason) {
        return new Halt(RunState.PAUSED, ExitCode.STOPPED, reason, true);
    }

    /** A check fails already, so that nothing more is written: what there is to ask is asked, with chunks left. */
    static Halt verify(String reason) {
        return new Halt(RunState.VERIFYING, ExitCode.CHECK_FAILED, reason, false);
    }

    static Halt cancel(String reason) {
        return new Halt(RunState.CANCELLED, ExitCode.STOPPED, reason, false);
    }

    static Halt superseded() {
        return new Halt(RunState.RUNNING, ExitCode.CONFLICT, "another executor has taken the run over", false);
    }
}
