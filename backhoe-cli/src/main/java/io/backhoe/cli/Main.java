package io.backhoe.cli;

import io.backhoe.value.ExitCode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** The process: reads arguments, lets one verb answer, and says how it went, in words or as a document. */
public final class Main {
    private static final String USAGE_SCHEMA = "usage";

    private final Terminal terminal;
    private final Out out;
    private final boolean verbose;
    private String verb = USAGE_SCHEMA;

    private Main(Terminal terminal, String... args) {
        this.terminal = terminal;
        this.out = new Out(terminal, has("--json", args));
        this.verbose = has("--verbose", args)
                || !terminal.env().getOrDefault("BACKHOE_DEBUG", "").isEmpty();
    }

    public static void main(String[] args) {
        Terminal terminal = Terminal.ofProcess();
        // Whatever a library prints must not get between stdout and who reads a document from it.
        System.setOut(System.err);
        System.exit(run(terminal, args));
    }

    /** @return the exit code */
    static int run(Terminal terminal, String... args) {
        var main = new Main(terminal, args);
        Answer answer;
        try {
            answer = main.answer(args);
        } catch (ParameterException e) {
            answer = Answer.failed(Usage.failure(e));
        } catch (Throwable e) {
            answer = Answer.failed(Errors.failure(e));
            if (main.verbose) {
                Errors.trace(e, terminal.err());
            }
        }
        main.tell(answer);
        if (terminal.out().checkError()) {
            terminal.err().println("backhoe: What was to be said could not be written to standard output.");
            return answer.exit() == ExitCode.SUCCESS
                    ? ExitCode.UNEXPECTED.code()
                    : answer.exit().code();
        }
        return answer.exit().code();
    }

    private Answer answer(String... args) throws Exception {
        // Scripts ask for it again and again: without the parser it takes half the time.
        if (args.length == 1 && (args[0].equals("--version") || args[0].equals("-V"))) {
            out.line(Commands.Version.text());
            return Answer.done(Map.of());
        }
        CommandLine commands = Commands.needed(args);
        ParseResult parsed;
        try {
            parsed = commands.parseArgs(args);
        } catch (ParameterException e) {
            verb = verbOf(e.getCommandLine());
            throw e;
        }
        String help = help(commands, parsed);
        if (help != null) {
            verb = "help";
            if (!out.json()) {
                out.line(help.stripTrailing());
            }
            return Answer.done(Map.of("text", help));
        }
        var leaf = parsed;
        while (leaf.hasSubcommand()) {
            leaf = leaf.subcommand();
        }
        verb = verbOf(leaf.commandSpec().commandLine());
        return ((Verb) leaf.commandSpec().userObject()).answer(out);
    }

    /** What {@code --help}, {@code --version} and {@code help} say; null when none of them was asked for. */
    private @Nullable String help(CommandLine commands, ParseResult parsed) {
        var text = new StringWriter();
        var writer = new PrintWriter(text);
        Ansi ansi = terminal.colour() && !out.json() ? Ansi.ON : Ansi.OFF;
        Commands.each(
                commands,
                c -> c.setOut(writer).setErr(writer).setColorScheme(CommandLine.Help.defaultColorScheme(ansi)));
        Integer asked = CommandLine.executeHelpRequest(parsed);
        writer.flush();
        return asked == null ? null : text.toString();
    }

    private void tell(Answer answer) {
        if (out.json() && !answer.streamed()) {
            Envelope.write(terminal.out(), verb, answer, out.warnings());
        }
        Failure failure = answer.failure();
        if (failure != null) {
            terminal.err()
                    .println("backhoe: " + failure.message().stripTrailing().replace("\n", "\n  "));
            if (failure.hint() != null) {
                terminal.err().println("  next: " + failure.hint());
            }
        }
        terminal.out().flush();
        terminal.err().flush();
    }

    private static String verbOf(CommandLine command) {
        return command.getParent() == null ? USAGE_SCHEMA : command.getCommandName();
    }

    /** Looked for before parsing, so that a mistake in the arguments is told in the form that was asked for. */
    private static boolean has(String flag, String... args) {
        for (String arg : args) {
            if (arg.equals("--")) {
                return false;
            }
            if (arg.equals(flag) || arg.equals(flag + "=true")) {
                return true;
            }
        }
        return false;
    }
}
