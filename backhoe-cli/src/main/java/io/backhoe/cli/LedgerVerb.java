package io.backhoe.cli;

import io.backhoe.ledger.LedgerSchema;
import io.backhoe.ledger.LedgerScript;
import io.backhoe.ledger.LedgerState;
import io.backhoe.ledger.LedgerState.Kind;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "ledger",
        description = "Shows what there is of a ledger (schema backhoe) and how large it is; creates it, or prints the "
                + "SQL for somebody who may.")
final class LedgerVerb implements Verb {
    private static final int MANY = 10;

    @Option(
            names = "--sql",
            description =
                    "Print what creates the ledger, or brings it up to date, and what a role needs to keep it: for "
                            + "a DBA to run with psql. Changes nothing.")
    private boolean sql;

    @Option(
            names = "--role",
            paramLabel = "NAME",
            description = "With --sql: who is going to run backfills; default: the user of the connection.")
    private @Nullable String role;

    @Option(
            names = "--from",
            paramLabel = "VERSION",
            description = "With --sql: the version that is there, 0 for none; nothing is connected. Default: what is "
                    + "found, or 0 when no database is named.")
    private @Nullable Integer from;

    @Option(names = "--create", description = "Create the ledger, or bring it up to date.")
    private boolean create;

    @Option(
            names = {"-y", "--yes"},
            description = "With --create: do not ask.")
    private boolean yes;

    @Spec
    private CommandSpec command = CommandSpec.create();

    @Mixin
    private ConnectionOptions connection = new ConnectionOptions();

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Override
    public Answer answer(Out out) {
        refuseNonsense();
        if (sql) {
            return print(out);
        }
        var target = connection.target(out);
        LedgerState ledger = target.backhoe().ledger();
        if (create && (ledger.kind() == Kind.NONE || ledger.kind() == Kind.OLD)) {
            new LedgerOffer(out, target).confirm(ledger, yes);
        }
        if (create) {
            target.backhoe().makeLedger();
            ledger = target.backhoe().ledger();
        }
        out.lines(lines(ledger, target));
        return Answer.done(LedgerDocument.of(ledger));
    }

    private void refuseNonsense() {
        if (sql && create) {
            throw new ParameterException(command.commandLine(), "--sql prints and --create does; choose one");
        } else if (!sql && (role != null || from != null)) {
            throw new ParameterException(command.commandLine(), "--role and --from belong to --sql");
        } else if (yes && !create) {
            throw new ParameterException(command.commandLine(), "--yes belongs to --create");
        } else if (from != null && (from < 0 || from > LedgerSchema.VERSION)) {
            throw new ParameterException(
                    command.commandLine(), "--from is 0 to " + LedgerSchema.VERSION + ", not " + from);
        }
    }

    private Answer print(Out out) {
        Target target = target(out);
        int found = from != null ? from : target == null ? 0 : version(target, out);
        String who =
                role != null ? role : target == null ? null : target.database().userName();
        String script = LedgerScript.of(found, who);
        if (!out.json()) {
            out.terminal().out().print(script);
        }
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("sql", script);
        data.put("from_version", found);
        data.put("to_version", LedgerSchema.VERSION);
        data.put("role", who);
        return Answer.done(data);
    }

    /** Null when no database is named: the script is the same for every empty one. */
    private @Nullable Target target(Out out) {
        try {
            return connection.target(out);
        } catch (BackhoeException e) {
            if (e.code().equals("target_missing")) {
                return null;
            }
            throw e;
        }
    }

    private static int version(Target target, Out out) {
        LedgerState ledger = target.backhoe().ledger();
        return switch (ledger.kind()) {
            case NONE, OLD, CURRENT -> ledger.version() == null ? 0 : ledger.version();
            case NEW ->
                throw new BackhoeException(
                        ExitCode.REFUSED,
                        "ledger_too_new",
                        "The ledger in " + target.description() + " has version " + ledger.version()
                                + "; this program writes version " + LedgerSchema.VERSION + ".",
                        "Use the newer Backhoe that made it.");
            case UNREADABLE -> {
                out.warn("the ledger's version may not be read as "
                        + target.database().userName()
                        + ": these are the grants for version " + LedgerSchema.VERSION + "; if it is older, say so with"
                        + " --from");
                yield LedgerSchema.VERSION;
            }
        };
    }

    private static List<String> lines(LedgerState ledger, Target target) {
        var lines = new ArrayList<String>();
        lines.add(target.description());
        LedgerFacts.of(ledger).forEach(o -> {
            lines.add("  ledger         " + o.text());
            if (o.cure() != null) {
                lines.add("                 " + o.cure());
            }
        });
        if (ledger.owner() == null) {
            return lines;
        }
        lines.add("  owner          " + ledger.owner());
        lines.add("  size           " + Figures.bytes(ledger.bytes()));
        lines.add("  before-images  " + Figures.bytes(ledger.imageBytes()) + " in "
                + ledger.images().size() + (ledger.images().size() == 1 ? " table" : " tables"));
        ledger.images().stream()
                .limit(MANY)
                .forEach(images -> lines.add("                 " + Figures.bytes(images.bytes()) + " of run "
                        + images.runId() + " (backhoe.before_image_" + images.runId() + ")"));
        Map<String, Long> runs = ledger.runs();
        if (runs != null && !runs.isEmpty()) {
            lines.add("  runs           "
                    + String.join(
                            ", ",
                            runs.entrySet().stream()
                                    .map(state -> state.getValue() + " " + state.getKey())
                                    .toList()));
        }
        return lines;
    }
}
