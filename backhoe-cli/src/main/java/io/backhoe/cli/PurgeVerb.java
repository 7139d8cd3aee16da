package io.backhoe.cli;

import io.backhoe.undo.Purgeable;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "purge",
        description =
                "Drops the before-images of a run that has ended, or of all that ended a while ago, and deletes their "
                        + "backups. Such a run can no longer be taken back.")
final class PurgeVerb implements Verb {
    private static final Pattern AGE = Pattern.compile("([0-9]{1,5})([hdw])");
    private static final int MANY = 20;

    @Spec
    private CommandSpec command = CommandSpec.create();

    @Parameters(arity = "0..1", paramLabel = "RUN", description = "Its id, or the backfill's name (its newest run).")
    private @Nullable String run;

    @Option(
            names = "--older-than",
            paramLabel = "AGE",
            description = "All runs that ended before so many hours, days or weeks: 12h, 30d, 8w.")
    private @Nullable String olderThan;

    @Option(names = "--dry-run", description = "Say what would be dropped, and drop nothing.")
    private boolean dryRun;

    @Option(
            names = {"-y", "--yes"},
            description = "Do not ask.")
    private boolean yes;

    @Mixin
    private ReasonOption reason = new ReasonOption();

    @Mixin
    private ConnectionOptions connection = new ConnectionOptions();

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Override
    public Answer answer(Out out) {
        if ((run == null) == (olderThan == null)) {
            throw new ParameterException(command.commandLine(), "Purge what? A run, or --older-than AGE.");
        }
        var age = olderThan == null ? null : age(olderThan);
        var target = connection.target(out);
        var found = age != null
                ? target.backhoe().purgeable(target.backhoe().now().minus(age))
                : List.of(target.backhoe().purgeable(target.backhoe().find(run)));
        var there = found.stream().filter(Purgeable::there).toList();
        var stays = new TreeMap<String, String>();
        out.lines(lines(found, there));
        if (!dryRun && !there.isEmpty()) {
            confirm(out, there, target);
            there.forEach(p -> target.backhoe()
                    .purge(p.run().id(), reason.cause())
                    .forEach((object, why) -> stays.put(p.run().backup() + object, why)));
            out.line("Dropped: " + size(there) + (stays.isEmpty() ? "." : ", but for what stays:"));
            out.lines(named(stays));
        } else if (dryRun) {
            out.line("Dry run: nothing was changed.");
        }
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("dry_run", dryRun);
        data.put("bytes", there.stream().mapToLong(Purgeable::bytes).sum());
        data.put("purged", there.stream().map(PurgeVerb::data).toList());
        data.put("stays", stays);
        return new Answer(data, stays.isEmpty() ? null : staying(stays));
    }

    private static Failure staying(Map<String, String> stays) {
        return new Failure(
                ExitCode.PARTIAL,
                "objects_stay",
                stays.size() + (stays.size() == 1 ? " object" : " objects") + " of backups could not be deleted: "
                        + stays.values().iterator().next() + ". The runs can no longer be taken back all the same.",
                "Purge again when nothing holds them any more.",
                false);
    }

    private static List<String> named(Map<String, String> objects) {
        var lines = new ArrayList<String>();
        objects.entrySet().stream().limit(MANY).forEach(e -> lines.add("  " + e.getKey() + ": " + e.getValue()));
        if (objects.size() > MANY) {
            lines.add("  and " + (objects.size() - MANY) + " more");
        }
        return lines;
    }

    private Duration age(String text) {
        var parts = AGE.matcher(text);
        if (!parts.matches()) {
            throw new ParameterException(
                    command.commandLine(), "--older-than is a number with h, d or w, such as 30d, not " + text);
        }
        long number = Long.parseLong(parts.group(1));
        return switch (parts.group(2)) {
            case "h" -> Duration.ofHours(number);
            case "d" -> Duration.ofDays(number);
            default -> Duration.ofDays(7 * number);
        };
    }

    private static List<String> lines(List<Purgeable> found, List<Purgeable> there) {
        var lines = new ArrayList<String>();
        for (Purgeable purgeable : found) {
            if (!purgeable.there()) {
                var purged = purgeable.run().purgedAt();
                lines.add("Run " + purgeable.run().id()
                        + (purged == null
                                ? " has no before-images."
                                : ": its before-images were purged on " + Figures.instant(purged) + "."));
            }
        }
        if (there.isEmpty()) {
            lines.add("There is nothing to purge.");
            return lines;
        }
        lines.add(
                "Without their before-images (" + size(there) + ") these can no longer be taken back or retried, and");
        lines.add("verify_values_match_expression and compare_distribution_to_recent can no longer tell of them:");
        there.stream()
                .limit(MANY)
                .forEach(p -> lines.add("  run " + p.run().id() + " (" + p.run().name() + ", "
                        + p.run().state() + "): " + Figures.rows(p.rows()) + " of "
                        + p.run().table() + " stay as they are, "
                        + Figures.bytes(p.bytes())
                        + (p.objects() == 0
                                ? ""
                                : " and " + p.objects() + " objects (" + Figures.bytes(p.objectBytes()) + ") at "
                                        + p.run().backup())));
        if (there.size() > MANY) {
            lines.add("  and " + (there.size() - MANY) + " more");
        }
        var held = new TreeMap<String, String>();
        found.forEach(p -> p.held().forEach((object, why) -> held.put(p.run().backup() + object, why)));
        if (!held.isEmpty()) {
            lines.add("These objects cannot be deleted now, and stay:");
            lines.addAll(named(held));
        }
        return lines;
    }

    private static String size(List<Purgeable> there) {
        return Figures.bytes(there.stream()
                        .mapToLong(p -> p.bytes() + p.objectBytes())
                        .sum())
                + " of " + there.size()
                + (there.size() == 1 ? " run" : " runs");
    }

    private void confirm(Out out, List<Purgeable> there, Target target) {
        if (yes) {
            return;
        }
        String what = "Drop the before-images of " + there.size() + (there.size() == 1 ? " run" : " runs") + " in "
                + target.description() + "?";
        if (!out.canAsk()) {
            throw new BackhoeException(
                    ExitCode.REFUSED,
                    "confirmation_missing",
                    what + " Nobody can be asked. Nothing was changed.",
                    "Add --yes.");
        }
        if (!out.confirm(what)) {
            throw new BackhoeException(ExitCode.REFUSED, "not_confirmed", "Not confirmed. Nothing was changed.", null);
        }
    }

    private static Map<String, @Nullable Object> data(Purgeable purgeable) {
        var data = new LinkedHashMap<String, @Nullable Object>();
        data.put("run_id", Long.toString(purgeable.run().id()));
        data.put("name", purgeable.run().name());
        data.put("state", purgeable.run().state().name());
        data.put("rows", purgeable.rows());
        data.put("bytes", purgeable.bytes());
        data.put("objects", purgeable.objects());
        data.put("object_bytes", purgeable.objectBytes());
        data.put("held", purgeable.held());
        return data;
    }
}
