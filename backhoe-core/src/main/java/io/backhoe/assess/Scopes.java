package io.backhoe.assess;

import io.backhoe.database.ColumnFacts;
import io.backhoe.database.RangeText;
import io.backhoe.database.ScopeShape;
import io.backhoe.database.TableFacts;
import io.backhoe.spec.Spec;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ChunkRange;
import io.backhoe.value.SqlName;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Which rows of a live table a spec means. */
final class Scopes {
    private Scopes() {}

    /** @throws BackhoeException when the column of dates cannot be told, or is none */
    static ScopeShape of(Spec spec, Spec.Transform transform, TableFacts table) {
        var scope = spec.scope();
        ColumnFacts date = scope.start() == null
                ? anyDate(table, scope.dateColumn())
                : ChunkColumn.choose(table, scope.dateColumn()).column();
        return new ScopeShape(
                table.name(),
                date,
                scope.start() == null || date == null ? null : range(spec, table, date),
                transform.set().keySet().stream()
                        .map(column -> missing(table, transform, column))
                        .toList(),
                scope.where(),
                transform.from(),
                transform.on());
    }

    private static ChunkRange range(Spec spec, TableFacts table, ColumnFacts date) {
        var scope = spec.scope();
        ChunkColumn.refuseHours(spec.strategy().chunkBy(), table, date);
        return RangeText.of(scope.from(), scope.to(), date, scope.timezone());
    }

    /** Where no range of it is meant, so that nothing hangs on the choice. */
    private static @Nullable ColumnFacts anyDate(TableFacts table, @Nullable String asked) {
        try {
            return ChunkColumn.choose(table, asked).column();
        } catch (BackhoeException e) {
            if (asked != null) {
                throw e;
            }
            return null;
        }
    }

    private static String missing(TableFacts table, Spec.Transform transform, String column) {
        return Objects.requireNonNullElse(
                transform.missingWhen().get(column),
                SqlName.quote(table.name().name()) + "." + SqlName.quote(column) + " IS NULL");
    }
}
