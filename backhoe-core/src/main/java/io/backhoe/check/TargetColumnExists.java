package io.backhoe.check;

import io.backhoe.value.SqlName;
import java.util.ArrayList;

/** Whether each column that is to be set is there, and may be set at all. */
final class TargetColumnExists implements Question {
    @Override
    public CheckResult ask(Ground ground) {
        var there = new ArrayList<String>();
        var problems = new ArrayList<String>();
        for (String name : ground.plan().spec().requiredTransform().set().keySet()) {
            var column = ground.table().column(name);
            if (column.isEmpty()) {
                problems.add(name + " is not there");
            } else if (column.get().generated()) {
                problems.add(name + " is computed by the server");
            } else {
                there.add(name + " (" + column.get().type() + ")");
            }
        }
        String sql = "SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = CAST('"
                + SqlName.quote(ground.table().name()).replace("'", "''")
                + "' AS regclass) AND attnum > 0 AND NOT attisdropped;";
        return (problems.isEmpty()
                        ? CheckResult.holds(String.join(", ", there) + " of "
                                + ground.table().name())
                        : CheckResult.fails(String.join("; ", problems) + ", in "
                                + ground.table().name()))
                .shownBy(sql);
    }
}
