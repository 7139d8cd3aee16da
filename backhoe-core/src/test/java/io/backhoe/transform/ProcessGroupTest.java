package io.backhoe.transform;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A program and what it starts, in processes of their own. */
class ProcessGroupTest {
    /** Starts a program that leaves a child behind, with its output; says which, and lives on. */
    static final class Owner {
        private Owner() {}

        public static void main(String[] args) throws Exception {
            var words = List.of("/bin/sh", "-c", "sleep 600 & echo $!");
            var group = args[0].equals("talking")
                    ? ProcessGroup.startTalking(words, Map.of())
                    : ProcessGroup.start(words, Map.of());
            String child = new BufferedReader(new InputStreamReader(group.output(), StandardCharsets.UTF_8)).readLine();
            group.await();
            System.out.println(child);
            System.out.flush();
            System.in.read();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"listening", "talking"})
    void aChildThatAProgramLeavesBehindDiesWithItsOwner(String how) throws Exception {
        var owner = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Owner.class.getName(),
                        how)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            String said = new BufferedReader(new InputStreamReader(owner.getInputStream(), StandardCharsets.UTF_8))
                    .readLine();
            var child = ProcessHandle.of(Long.parseLong(said)).orElseThrow();
            assertThat(child.isAlive()).isTrue();

            owner.destroyForcibly();

            assertThat(child.onExit().get(20, TimeUnit.SECONDS).isAlive()).isFalse();
        } finally {
            owner.destroyForcibly();
        }
    }

    @Test
    void whatAProgramLeavesBehindIsGoneWhenItIsClosed() throws Exception {
        ProcessHandle child;
        try (var group = ProcessGroup.start(List.of("/bin/sh", "-c", "sleep 600 & echo $!; exit 7"), Map.of())) {
            child = ProcessHandle.of(Long.parseLong(
                            new BufferedReader(new InputStreamReader(group.output(), StandardCharsets.UTF_8))
                                    .readLine()))
                    .orElseThrow();
            group.await();
            assertThat(group.exitCode()).isEqualTo(7);
            assertThat(child.isAlive()).isTrue();
        }

        assertThat(child.onExit().get(20, TimeUnit.SECONDS).isAlive()).isFalse();
    }
}
