package io.backhoe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/** {@code docs/cli.md} says what the commands say. {@code -Dbackhoe.docs=write} writes it. */
class DocsTest {
    private static final Path PAGE = Path.of("..", "docs", "cli.md");

    @Test
    void theReferenceIsWhatTheCommandsSay() throws IOException {
        String page = page();
        if ("write".equals(System.getProperty("backhoe.docs"))) {
            Files.createDirectories(PAGE.getParent());
            Files.writeString(PAGE, page);
        }

        assertThat(PAGE)
                .as("docs/cli.md is stale; mvn test -pl backhoe-cli -am -Dtest=DocsTest"
                        + " -Dsurefire.failIfNoSpecifiedTests=false -Dbackhoe.docs=write writes it")
                .hasContent(page);
    }

    private static String page() {
        var page = new StringBuilder("# The command line\n\nGenerated from the commands; do not edit.\n");
        Commands.each(Commands.all(), command -> section(command, page));
        return page.toString();
    }

    private static void section(CommandLine command, StringBuilder page) {
        if (command.getCommandName().equals("help")) {
            return;
        }
        page.append("\n## ")
                .append(command.getCommandSpec().qualifiedName(" "))
                .append("\n\n```text\n")
                .append(command.getUsageMessage(Ansi.OFF).stripTrailing())
                .append("\n```\n");
    }
}
