package io.backhoe.cli;

import io.backhoe.value.ExitCode;
import java.util.List;
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
        List<String> suggestions =
                e instanceof UnmatchedArgumentException unmatched ? unmatched.getSuggestions() : List.of();
        return suggestions.isEmpty()
                ? help
                : "did you mean " + String.join(" or ", suggestions.subList(0, Math.min(3, suggestions.size()))) + "? "
                        + help + " shows what there is";
    }
}
