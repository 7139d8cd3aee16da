package io.backhoe.cli;

import picocli.CommandLine.Option;

/** What every verb takes. {@link Main} looks at these before the arguments are parsed, so that errors obey them too. */
final class OutputOptions {
    @Option(names = "--json", description = "One JSON document on stdout, everything else on stderr, no questions.")
    private boolean json;

    @Option(names = "--verbose", description = "With the stack trace of an unexpected error (also: BACKHOE_DEBUG=1).")
    private boolean verbose;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "This text.")
    private boolean help;
}
