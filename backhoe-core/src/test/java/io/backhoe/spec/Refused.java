package io.backhoe.spec;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;

/** What is said of a spec that is refused. */
final class Refused {
    private Refused() {}

    static final String VALID = """
            backfill:
              name: x
              scope: {table: t, date_range: {start: 2023-01-01, end: 2024-01-01}}
            """;

    static List<String> messages(String more) {
        return invalid(VALID + more + "\n")
                .getMessage()
                .lines()
                .map(line -> line.replaceFirst("my.yaml:\\d+:\\d+: ", ""))
                .toList();
    }

    static List<String> paths(String text) {
        return invalid(text).problems().stream().map(Problem::path).toList();
    }

    static InvalidSpec invalid(String text) {
        return invalid(text, SpecOverrides.NONE);
    }

    static InvalidSpec invalid(String text, SpecOverrides overrides) {
        return catchThrowableOfType(InvalidSpec.class, () -> SpecFile.read(text, "my.yaml", overrides));
    }
}
