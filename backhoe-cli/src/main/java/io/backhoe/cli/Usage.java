package io.backhoe.cli;

import io.backhoe.value.ExitCode;
import io.backhoe.value.Spelling;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns arguments that make no sense into what a person should have typed. */
final class Usage {
    private Usage() {}

    static Failure failure(ParameterException e) {
        String message = e.getMessage() == null ? "The arguments make no sense." : e.getMessage();
        return new Failure(
                ExitCode.USAGE, "usage", message + (message.matches("(?s).*[.?!]") ? "" : "."), hint(e), false);
    }

    private static String hint(ParameterException e) {
        CommandLine command = e.getCommandLine();
        String help = command.getCommandSpec().qualifiedName(" ") + " --help";
        List<String> suggestions = e instanceof UnmatchedArgumentException unmatched
                ? Spelling.near(unmatched.getUnmatched().get(0).split("=", 2)[0], known(command), word -> word)
                : List.of();
        return suggestions.isEmpty()
                ? help
                : "did you mean " + String.join(" or ", suggestions.subList(0, Math.min(3, suggestions.size()))) + "? "
                        + help + " shows what there is";
    }

    private static List<String> known(CommandLine command) {
        var spec = command.getCommandSpec();
        return Stream.concat(spec.subcommands().keySet().stream(), spec.optionsMap().keySet().stream())
                .toList();
    }
}
