package io.backhoe.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FoldersTest {
    private static final ServerUser ORDINARY = new ServerUser(false, List.of(), 0);

    @Test
    void theHomeOfTheEnvironmentGoesBeforeThatOfTheUserDatabase() {
        assertThat(candidates(Map.of("HOME", "/srv/x"))).startsWith(Path.of("/srv/x/.cache/backhoe"));
        assertThat(candidates(Map.of("HOME", "/srv/x", "XDG_CACHE_HOME", "/srv/cache")))
                .startsWith(Path.of("/srv/cache/backhoe"), Path.of("/srv/x/.cache/backhoe"));
    }

    @Test
    void noFolderIsMadeBelowTheCurrentOne() {
        assertThat(candidates(Map.of("HOME", "?", "XDG_CACHE_HOME", "cache"))).allMatch(Path::isAbsolute);
    }

    @Test
    void theLastResortIsATemporaryFolderThatBearsTheNumberOfTheUser() {
        assertThat(candidates(Map.of()).stream()
                        .reduce((a, b) -> b)
                        .orElseThrow()
                        .toString())
                .matches("/scratch/backhoe-\\d+");
    }

    private static List<Path> candidates(Map<String, String> environment) {
        return Folders.candidates(ORDINARY, environment, Path.of("/scratch"));
    }
}
