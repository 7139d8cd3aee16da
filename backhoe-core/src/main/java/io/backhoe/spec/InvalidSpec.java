package io.backhoe.spec;

import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import java.util.List;
import java.util.stream.Collectors;

/** A file, or a spec in code, that cannot be acted on. Names every problem at once, a line each, in the order of the file. */
public final class InvalidSpec extends BackhoeException {
    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    InvalidSpec(String fileName, String code, List<Problem> problems) {
        super(
                ExitCode.USAGE,
                code,
                problems.stream().map(p -> p.in(fileName)).collect(Collectors.joining("\n")),
                fileName.isEmpty()
                        ? "nothing was changed; mend what the builder was told"
                        : "nothing was changed; mend the file and type the command again");
        this.problems = List.copyOf(problems);
    }

    /** A line per problem: {@code file:line:column: path: message (did you mean 'x'?)}. */
    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }

    public List<Problem> problems() {
        return problems;
    }
}
