package io.backhoe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The bill of materials has no parent, so nothing but this keeps its version that of the others. */
class BomTest {
    @Test
    void namesModulesThatAreThereInTheVersionThatTheyHave() throws IOException {
        String bom = Files.readString(Path.of("..", "backhoe-bom", "pom.xml"));
        String parent = Files.readString(Path.of("..", "pom.xml"));

        assertThat(version(bom)).isEqualTo(version(parent));
        assertThat(Pattern.compile("<artifactId>(backhoe-(?!bom)[a-z-]+)</artifactId>")
                        .matcher(bom)
                        .results()
                        .map(found -> found.group(1)))
                .contains("backhoe-core", "backhoe-postgres")
                .allSatisfy(module -> assertThat(parent).contains("<module>" + module + "</module>"));
    }

    /** The first one in the file. */
    private static String version(String pom) {
        return Pattern.compile("<version>(\\d[^<]*)</version>")
                .matcher(pom)
                .results()
                .findFirst()
                .map((MatchResult found) -> found.group(1))
                .orElseThrow();
    }
}
