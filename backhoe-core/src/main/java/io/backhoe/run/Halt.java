package io.backhoe.run;

import io.backhoe.value.ExitCode;
import io.backhoe.value.RunState;

/**
 * Why a run stops before its end.
 *
 * @param next the state that it is left in; RUNNING means that somebody else has it
 */
record Halt(RunState next, ExitCode exit, String reason) {
    static Halt pause(ExitCode exit, String reason) {
        return new Halt(RunState.PAUSED, exit, reason);
    }

    /** A check fails already, so that nothing more is written: what there is to ask is asked, with chunks left. */
    static Halt verify(String reason) {
        return new Halt(RunState.VERIFYING, ExitCode.CHECK_FAILED, reason);
    }

    static Halt cancel(String reason) {
        return new Halt(RunState.CANCELLED, ExitCode.STOPPED, reason);
    }

    static Halt superseded() {
        return new Halt(RunState.RUNNING, ExitCode.CONFLICT, "another executor has taken the run over");
    }
}
