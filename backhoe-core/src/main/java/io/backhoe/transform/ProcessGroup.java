package io.backhoe.transform;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * A program and all that it starts, in a process group of their own. None of them outlives it, nor our own process, however that
 * ends. Where {@code setsid} is missing (it is part of util-linux) those are missed that the program has left behind. Used by one
 * thread at a time.
 */
final class ProcessGroup implements AutoCloseable {
    /**
     * Waits for the program, also when a signal is meant for it, and kills the group when our end of the pipe is closed, as it is
     * when we die. The program does not get the pipe: its input is empty. Whoever watches does not heed the signal by which the group is
     * asked to end: we may die before it is killed. It outlives the program where the group is its own, because what the program has
     * started may still be read from: the pipe is closed then too, and we have time to kill the group; it does when we are gone.
     */
    private static final String GUARD = """
            exec 3<&0 </dev/null
            trap : TERM
            "$@" 3<&- &
            work=$!
            {
                trap '' HUP INT TERM
                read -r _ <&3
                kill -s 0 "$$" || sleep 5
                kill -s KILL %1$s
            } >/dev/null 2>&1 &
            watch=$!
            exec 3<&-
            code=0
            while :; do
                wait "$work"
                code=$?
                kill -s 0 "$work" 2>/dev/null || break
            done
            %2$s
            exit "$code"
            """;

    /**
     * As {@link #GUARD}, for a program that is given our end of the pipe as its input: that ends when we die, and within a second
     * whoever does not heed that is killed, because our process is not there any more. One that nobody has waited for yet is still
     * there, but is no parent any more (proc(5), the fourth field of {@code stat}).
     */
    private static final String TALKING_GUARD = """
            exec 3<&0 </dev/null
            trap : TERM
            "$@" <&3 3<&- &
            work=$!
            exec 3<&-
            {
                trap '' HUP INT TERM
                parent=%1$d
                while [ "${parent:-%1$d}" = %1$d ] && kill -s 0 %1$d; do
                    sleep 0.5 || sleep 1
                    read -r _ _ _ parent _ < "/proc/$$/stat" || parent=
                done
                kill -s KILL %2$s
            } >/dev/null 2>&1 &
            watch=$!
            code=0
            while :; do
                wait "$work"
                code=$?
                kill -s 0 "$work" 2>/dev/null || break
            done
            %3$s
            exit "$code"
            """;

    /** Where it would kill by the number of a program that has ended, which may be another's by then. */
    private static final String UNWATCH = "kill -s KILL \"$watch\" 2>/dev/null; wait \"$watch\" 2>/dev/null";

    /** All of a group, as kill names it from within. */
    private static final String GROUP = "0";

    private static final String SIGNAL = "kill -s \"$1\" -- \"-$2\" 2>/dev/null";
    /** A second in all. */
    private static final int LOOKS = 50;

    private static final Duration LET_GO = Duration.ofSeconds(1);
    private static final Duration LOOK_EVERY = Duration.ofMillis(20);

    private final Process guard;
    private final boolean own;

    private ProcessGroup(Process guard, boolean own) {
        this.guard = guard;
        this.own = own;
    }

    /** @param environment in addition to our own */
    static ProcessGroup start(List<String> words, Map<String, String> environment) throws IOException {
        return start(words, environment, true, whole -> GUARD.formatted(whole, atEnd(whole)));
    }

    /** As {@link #start}, of a program that has {@link #input()}, and whose second stream is {@link #errors()}. */
    static ProcessGroup startTalking(List<String> words, Map<String, String> environment) throws IOException {
        long self = ProcessHandle.current().pid();
        return start(words, environment, false, whole -> TALKING_GUARD.formatted(self, whole, atEnd(whole)));
    }

    private static String atEnd(String whole) {
        return whole.equals(GROUP) ? "" : UNWATCH;
    }

    private static ProcessGroup start(
            List<String> words, Map<String, String> environment, boolean oneStream, UnaryOperator<String> guard)
            throws IOException {
        var setsid = onPath("setsid");
        var all = new ArrayList<String>();
        setsid.ifPresent(path -> all.add(path.toString()));
        // Without a group of its own the group is ours, and that of whoever started us.
        all.addAll(List.of("/bin/sh", "-c", guard.apply(setsid.isPresent() ? GROUP : "\"$work\""), "backhoe"));
        all.addAll(words);
        var builder = new ProcessBuilder(all).redirectErrorStream(oneStream);
        builder.environment().putAll(environment);
        return new ProcessGroup(builder.start(), setsid.isPresent());
    }

    /** What the program says, on either stream unless they are apart. */
    InputStream output() {
        return guard.getInputStream();
    }

    /** Its second stream, where it is apart. */
    InputStream errors() {
        return guard.getErrorStream();
    }

    /** What the program reads, where it is given something. */
    OutputStream input() {
        return guard.getOutputStream();
    }

    void await() throws InterruptedException {
        guard.waitFor();
    }

    /** @return whether it has ended in time */
    boolean await(Duration timeout) throws InterruptedException {
        return guard.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Of the program, once it has ended. */
    int exitCode() {
        return guard.exitValue();
    }

    /** Whatever still lives is asked to end, and killed a second later. */
    @Override
    public void close() {
        boolean interrupted = false;
        if (guard.isAlive()) {
            var others = guard.descendants().toList();
            signal("TERM", others);
            interrupted = grace();
        }
        signal("KILL", guard.descendants().toList());
        // Both wait for whoever is writing to it, who waits as long as a child that has left the group reads nothing.
        var closing = new Thread(this::letGo, "backhoe-program-end");
        closing.setDaemon(true);
        closing.start();
        try {
            closing.join(LET_GO.toMillis());
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void letGo() {
        guard.destroyForcibly();
        try {
            guard.getOutputStream().close();
        } catch (IOException e) {
            // Nobody reads it any more.
        }
    }

    /** Whoever is in a hurry says so again and again; the program has its second all the same. */
    private boolean grace() {
        boolean interrupted = false;
        for (int looks = 0; looks < LOOKS && guard.isAlive(); looks++) {
            try {
                guard.waitFor(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        return interrupted;
    }

    private static Optional<Path> onPath(String program) {
        String path = System.getenv().getOrDefault("PATH", "/usr/bin:/bin");
        return Stream.of(path.split(File.pathSeparator))
                .filter(folder -> !folder.isBlank())
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private void signal(String name, List<ProcessHandle> others) {
        if (!own) {
            others.forEach(name.equals("KILL") ? ProcessHandle::destroyForcibly : ProcessHandle::destroy);
            return;
        }
        try {
            new ProcessBuilder("/bin/sh", "-c", SIGNAL, "kill", name, Long.toString(guard.pid()))
                    .start()
                    .waitFor();
        } catch (IOException e) {
            others.forEach(ProcessHandle::destroyForcibly);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
