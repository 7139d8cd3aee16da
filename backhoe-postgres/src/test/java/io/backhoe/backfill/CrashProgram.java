package io.backhoe.backfill;

import io.backhoe.Backhoe;
import io.backhoe.database.DatabaseException;
import io.backhoe.postgres.PostgresDatabase;
import io.backhoe.report.RunReport;
import io.backhoe.run.RunListener;
import io.backhoe.run.StopSignal;
import io.backhoe.spec.SpecFile;
import io.backhoe.spec.SpecOverrides;
import io.backhoe.value.BackhoeException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * A process of its own, to be killed: prints {@code ready}, takes one order from its input, obeys, and ends with
 * Backhoe's exit code. It also ends when its input does, that is with whoever started it.
 *
 * <p>Orders: {@code run SPEC} (in Base64), {@code resume RUN}, {@code rollback RUN}, {@code pause RUN}, {@code cancel
 * RUN}; the first three may be followed by the name of a {@link FaultKind} and the number of the commit that it happens
 * at.
 */
final class CrashProgram {
    private CrashProgram() {}

    public static void main(String[] arguments) throws IOException {
        var database = PostgresDatabase.at(arguments[0], null, null, Map.of());
        // Loads most classes before the order comes, so that what happens after it takes less time.
        new Backhoe(database).list(1);
        System.out.println("ready");
        var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        String line = input.readLine();
        if (line == null) {
            return;
        }
        endWith(input);
        String[] order = line.split(" ", -1);
        var fault = order.length > 2
                ? FaultDatabase.atCommit(database, FaultKind.valueOf(order[2]), Integer.parseInt(order[3]))
                : FaultDatabase.none(database);
        int exit = 1;
        try {
            var report =
                    obey(RowTransformTest.withAddOne(FunctionTest.withAddOne(new Backhoe(fault))), order[0], order[1]);
            System.out.println(report.run().state());
            Integer code = report.run().exitCode();
            exit = code == null ? 1 : code;
        } catch (BackhoeException e) {
            System.out.println(e.code() + ": " + e.getMessage());
            exit = e.exit().code();
        } catch (DatabaseException e) {
            System.out.println(e.getMessage());
        } finally {
            Runtime.getRuntime().halt(exit);
        }
    }

    private static RunReport obey(Backhoe backhoe, String verb, String what) {
        var listener = new RunListener() {
            @Override
            public void event(String kind, String chunk, String message) {
                System.out.println(kind + " " + chunk + " " + message);
            }
        };
        var stop = new StopSignal();
        var options = TestDatabase.OPTIONS;
        return switch (verb) {
            case "run" -> {
                String spec = new String(Base64.getDecoder().decode(what), StandardCharsets.UTF_8);
                var read = SpecFile.read(spec, "spec.yaml", SpecOverrides.NONE);
                yield backhoe.run(backhoe.plan(read.spec(), read.warnings()), options, stop, listener);
            }
            case "resume" -> backhoe.resume(Long.parseLong(what), options, stop, listener);
            case "rollback" -> backhoe.rollback(Long.parseLong(what), List.of(), options, stop, listener);
            case "pause" -> backhoe.pause(Long.parseLong(what), "another process");
            case "cancel" -> backhoe.cancel(Long.parseLong(what), "another process");
            default -> throw new IllegalArgumentException(verb);
        };
    }

    private static void endWith(BufferedReader input) {
        var watch = new Thread(() -> {
            try {
                while (input.readLine() != null) {
                    Thread.onSpinWait();
                }
            } catch (IOException e) {
                System.out.println("input: " + e.getMessage());
            }
            Runtime.getRuntime().halt(99);
        });
        watch.setDaemon(true);
        watch.start();
    }
}
