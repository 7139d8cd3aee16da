package io.backhoe.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backhoe.value.BackhoeException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretsTest {
    private final Secrets secrets = new Secrets(Map.of("PW", "s3cret", "REF", "${env:PW}", "EMPTY", ""));

    @Test
    void resolvesVariablesWhereverTheyStand() {
        assertThat(secrets.resolve("${env:PW}")).isEqualTo("s3cret");
        assertThat(secrets.resolve("postgresql://app:${env:PW}@db/${env:EMPTY}shop"))
                .isEqualTo("postgresql://app:s3cret@db/shop");
        assertThat(secrets.resolve("plain $ text {} $")).isEqualTo("plain $ text {} $");
    }

    @Test
    void doesNotResolveWhatItHasResolved() {
        assertThat(secrets.resolve("${env:REF}")).isEqualTo("${env:PW}");
    }

    @Test
    void readsFilesWithoutTheirLastNewline(@TempDir Path dir) throws IOException {
        assertThat(secrets.resolve("<${file:" + file(dir, "a\n") + "}>")).isEqualTo("<a>");
        assertThat(secrets.resolve("<${file:" + file(dir, "a\r\n") + "}>")).isEqualTo("<a>");
        assertThat(secrets.resolve("<${file:" + file(dir, "a b\n\n") + "}>")).isEqualTo("<a b\n>");
        assertThat(secrets.resolve("<${file:" + file(dir, "a\r") + "}>")).isEqualTo("<a\r>");
        assertThat(secrets.resolve("<${file:" + file(dir, "") + "}>")).isEqualTo("<>");
    }

    @Test
    void leavesAnEscapedReferenceAsText() {
        assertThat(secrets.resolve("$${env:PW}")).isEqualTo("${env:PW}");
        assertThat(secrets.resolve("a$${b ${env:PW}")).isEqualTo("a${b s3cret");
    }

    @Test
    void namesTheVariableOrFileThatIsNotThere(@TempDir Path dir) {
        assertThatThrownBy(() -> secrets.resolve("${env:NOPE}"))
                .isInstanceOf(BackhoeException.class)
                .hasMessage("the environment variable NOPE is not set");
        assertThatThrownBy(() -> secrets.resolve("${file:" + dir + "/none}"))
                .hasMessage("the file " + dir + "/none is not there");
        assertThatThrownBy(() -> secrets.resolve("${file:" + dir + "}")).hasMessageContaining("cannot be read");
    }

    @Test
    void refusesAFileThatIsNotText(@TempDir Path dir) throws IOException {
        Path file = dir.resolve("binary");
        Files.write(file, new byte[] {(byte) 0xC3, (byte) 0x28});

        assertThatThrownBy(() -> secrets.resolve("${file:" + file + "}")).hasMessageContaining("cannot be read");
    }

    @Test
    void refusesReferencesItDoesNotKnowWithoutRepeatingThem() {
        assertThatThrownBy(() -> secrets.resolve("${vault:hunter2}"))
                .hasMessage("${vault:...} is not known; write ${env:NAME} or ${file:PATH}");
        assertThatThrownBy(() -> secrets.resolve("${hunter2}")).hasMessageNotContaining("hunter2");
        assertThatThrownBy(() -> secrets.resolve("a ${env:hunter2"))
                .hasMessageContaining("not closed")
                .hasMessageNotContaining("hunter2");
    }

    private static Path file(Path dir, String content) throws IOException {
        return Files.write(dir.resolve("secret"), content.getBytes(StandardCharsets.UTF_8));
    }
}
