package io.backhoe.cli;

import io.backhoe.value.ExitCode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * While it is open, the first SIGINT, SIGTERM or SIGHUP is told to the one who opened it, and a SIGINT after that, which is
 * somebody's second Ctrl-C, leaves at once. Another SIGTERM does not: supervisors send it to the process and to its group.
 * Before and after, what held before holds: usually that the process ends.
 */
final class Interrupts implements AutoCloseable {
    private record Previous(Signal signal, SignalHandler handler) {}

    private final List<Previous> previous = new ArrayList<>();
    private final AtomicBoolean arrived = new AtomicBoolean();
    private final Consumer<String> first;
    private final Runnable last;

    /** @param first gets {@code SIGINT} or the like, on a thread of the JVM's; must be quick */
    Interrupts(Consumer<String> first) {
        this(first, () -> {});
    }

    /** @param last is done before the process leaves at once */
    Interrupts(Consumer<String> first, Runnable last) {
        this.first = first;
        this.last = last;
        List.of("INT", "TERM", "HUP").forEach(this::take);
    }

    private void take(String name) {
        try {
            var signal = new Signal(name);
            SignalHandler before = Signal.handle(signal, this::arrived);
            if (before.equals(SignalHandler.SIG_IGN)) {
                // nohup, or a shell's background job: whoever started us wants this signal ignored
                Signal.handle(signal, before);
            } else {
                previous.add(new Previous(signal, before));
            }
        } catch (IllegalArgumentException e) {
            // Not on this platform, or kept by the JVM (-Xrs): then it ends the process, which a run survives.
        }
    }

    private void arrived(Signal signal) {
        if (arrived.compareAndSet(false, true)) {
            first.accept("SIG" + signal.getName());
        } else if (signal.getName().equals("INT")) {
            try {
                last.run();
            } finally {
                Runtime.getRuntime().halt(ExitCode.INTERRUPTED.code());
            }
        }
    }

    @Override
    public void close() {
        previous.forEach(p -> Signal.handle(p.signal(), p.handler()));
    }
}
