package io.backhoe.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
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
        return jars.stream()
                .map(jar -> " --plugin " + HintUrl.quoted(jar.toString()))
                .collect(Collectors.joining());
    }
}
