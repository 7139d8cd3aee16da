package io.backhoe.check;

import io.backhoe.database.Row;
import io.backhoe.database.Session;
import io.backhoe.spec.Check;
import io.backhoe.value.TimeText;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A query of the user's own and what it is to answer, in a READ ONLY transaction with a timeout. */
final class OwnQuery implements Question {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final String EMPTY = "empty";
    private static final Pattern NUMBER =
            Pattern.compile("[-+]?[0-9]{1,40}(\\.[0-9]{1,40})?([eE][-+]?[0-9]{1,3})?|t|f");

    private final String query;
    private final String expect;
    private final Duration timeout;

    OwnQuery(Check check) {
        this.query = Objects.requireNonNull(check.text("query")).strip();
        this.expect = Objects.requireNonNull(check.text("expect")).strip();
        String given = check.text("timeout");
        Duration parsed = given == null ? null : TimeText.parse(given);
        this.timeout = parsed == null ? TIMEOUT : parsed;
    }

    @Override
    public CheckResult ask(Ground ground) {
        boolean empty = expect.equals(EMPTY);
        // Whoever expects one value, or nothing, may have written a query that finds a million rows.
        var rows = read(ground, "SELECT * FROM (" + query + "\n) AS backhoe_check LIMIT 2");
        return (empty ? whetherEmpty(rows) : whetherExpected(rows)).shownBy(query + ";");
    }

    private List<Row> read(Ground ground, String sql) {
        Session session = ground.session();
        session.begin(Session.Isolation.READ_ONLY);
        try {
            session.execute("SET LOCAL statement_timeout = " + timeout.toMillis());
            return session.query(sql, Map.of());
        } finally {
            session.rollback();
        }
    }

    private static CheckResult whetherEmpty(List<Row> rows) {
        return rows.isEmpty()
                ? CheckResult.holds("it finds no row, as expected")
                : CheckResult.fails("it finds rows, and was expected to find none");
    }

    private CheckResult whetherExpected(List<Row> rows) {
        if (rows.size() != 1 || rows.get(0).values().size() != 1) {
            return CheckResult.couldNotTell(
                    "it answers " + (rows.size() > 1 ? "several rows" : Said.count(rows.size(), "row"))
                            + (rows.isEmpty()
                                    ? ""
                                    : " of " + Said.count(rows.get(0).values().size(), "column"))
                            + "; one value is expected (or expect: empty)");
        }
        @Nullable String value = rows.get(0).text(0);
        return isExpected(value)
                ? CheckResult.holds("it answers " + expect + ", as expected")
                : CheckResult.fails("it answers " + shown(value) + ", and " + expect + " was expected");
    }

    /** The server writes booleans as t and f, and people write true and false. */
    private boolean isExpected(@Nullable String value) {
        boolean yes = expect.equals("true") && "t".equals(value);
        boolean no = expect.equals("false") && "f".equals(value);
        return yes || no || expect.equals(value);
    }

    /** Evidence goes where values of rows have no business: only what was counted or computed is told. */
    private static String shown(@Nullable String value) {
        if (value == null) {
            return "NULL";
        }
        return NUMBER.matcher(value).matches()
                ? value
                : "a text of " + Said.count(value.codePointCount(0, value.length()), "character")
                        + ", which is not shown as it may be of a row";
    }
}
