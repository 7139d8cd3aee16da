package io.backhoe.assess;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** {@code docs/assess.md} lists every finding, and none that there is not. */
class FindingsDocTest {
    private static final Pattern MADE = Pattern.compile("Finding\\s*\\.(?:blocker|warning|info)\\(\\s*\"([a-z_]+)\"");
    private static final Pattern LISTED = Pattern.compile("(?m)^\\| `([a-z_]+)` \\|");

    @Test
    void everyFindingIsExplained() throws IOException {
        var made = new TreeSet<String>();
        made.add(Finding.COULD_NOT_TELL);
        try (var sources = Files.list(Path.of("src/main/java/io/backhoe/assess"))) {
            for (Path source : sources.toList()) {
                MADE.matcher(Files.readString(source)).results().forEach(m -> made.add(m.group(1)));
            }
        }
        var listed = new TreeSet<String>();
        LISTED.matcher(Files.readString(Path.of("..", "docs", "assess.md")))
                .results()
                .forEach(m -> listed.add(m.group(1)));

        assertThat(made).hasSizeGreaterThan(40);
        assertThat(listed).containsAll(made);
    }
}
