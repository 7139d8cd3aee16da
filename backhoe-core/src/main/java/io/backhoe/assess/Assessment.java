package io.backhoe.assess;

import io.backhoe.database.ServerFacts;
import io.backhoe.value.TableName;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What was found out.
 *
 * @param table with its schema, where it was found
 * @param dateColumn the column that the range is of; null where it could not be told
 * @param gaps where values are missing; null where that was not asked or could not be told, which a finding says
 * @param ways to go about it, the recommended one first; none where the spec says already that rows are chosen or yielded by
 *     a query, and where the gaps are not known
 * @param findings blockers first, then warnings, then the rest
 */
public record Assessment(
        ServerFacts server,
        TableName table,
        @Nullable String dateColumn,
        @Nullable GapMap gaps,
        List<Way> ways,
        List<Finding> findings,
        Duration took) {
    public Assessment {
        ways = List.copyOf(ways);
        findings = List.copyOf(findings);
    }

    public List<Finding> of(Severity severity) {
        return findings.stream().filter(f -> f.severity() == severity).toList();
    }

    /** What forbids the backfill, or might: blockers, and questions without an answer that could have been one. */
    public List<Finding> blockersAndDoubts() {
        return findings.stream()
                .filter(f -> f.severity() == Severity.BLOCKER || f.leavesOpenABlocker())
                .toList();
    }

    /** What could not be answered; these are among the warnings too. */
    public List<Finding> unanswered() {
        return findings.stream()
                .filter(f -> Objects.equals(f.code(), Finding.COULD_NOT_TELL))
                .toList();
    }
}
