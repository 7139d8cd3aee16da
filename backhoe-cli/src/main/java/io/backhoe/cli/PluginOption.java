package io.backhoe.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** Jars with row functions, for plans that name one. */
final class PluginOption {
    @Option(
            names = "--plugin",
            paramLabel = "JAR",
            description = "A jar with the row function that transform.java names; may be given again.")
    private List<Path> jars = List.of();

    /** @throws io.backhoe.value.BackhoeException USAGE when one cannot be loaded */
    Target with(Target target) {
        var backhoe = target.backhoe();
        for (Path jar : jars) {
            backhoe = backhoe.withPlugin(jar);
        }
        return target.with(backhoe);
    }

    /** As they are typed again for another command; nothing when none was given. */
    String flags() {
        return words(jar -> jar).stream()
                .map(word -> " " + HintUrl.quoted(word))
                .collect(Collectors.joining());
    }

    /** For a process that this one starts, wherever that works. */
    List<String> words() {
        return words(Path::toAbsolutePath);
    }

    private List<String> words(UnaryOperator<Path> place) {
        return jars.stream()
                .flatMap(jar -> Stream.of("--plugin", place.apply(jar).toString()))
                .toList();
    }
}
