package io.backhoe.plan;

import io.backhoe.assess.Way;
import io.backhoe.database.ColumnFacts;
import io.backhoe.database.ServerFacts;
import io.backhoe.database.TableFacts;
import io.backhoe.plan.Recommendation.Alternative;
import io.backhoe.plan.Recommendation.LeftOut;
import io.backhoe.spec.Check;
import io.backhoe.spec.ColumnName;
import io.backhoe.spec.Moment;
import io.backhoe.spec.Spec;
import io.backhoe.value.SqlName;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** A spec as a person would write it who knows the table, with the reasons as comments. */
final class SpecDraft {
    private static final int ALTERNATIVES_SHOWN = 5;
    private static final int WIDTH = 90;

    private final ServerFacts server;
    private final TableFacts table;
    private final ColumnFacts filled;
    private final int imageBytes;
    private final Spec spec;
    private final List<Alternative> ranked;
    private final YamlText out = new YamlText();

    /** @param imageBytes what a row of before-image weighs */
    SpecDraft(
            ServerFacts server,
            TableFacts table,
            ColumnFacts filled,
            int imageBytes,
            Spec spec,
            List<Alternative> ranked) {
        this.server = server;
        this.table = table;
        this.filled = filled;
        this.imageBytes = imageBytes;
        this.spec = spec;
        this.ranked = ranked;
    }

    /**
     * @param ways the strategies that fit what is there
     * @param leftOut dates that the range does not reach to
     */
    String text(List<Way> ways, List<LeftOut> leftOut) {
        out.comment("Which rows, what to do with them, and how. Read it, change it, then look before you leap:")
                .comment("")
                .comment("    backhoe assess THIS_FILE     what is true of the table, and what stands in the way")
                .comment("    backhoe plan THIS_FILE       what would run, to the letter, and what it would take")
                .comment("")
                .comment("Made for " + table.name() + " in database " + server.database() + ", " + server.product()
                        + ".")
                .open("backfill")
                .text("name", spec.about().name());
        scope(leftOut);
        transform();
        strategy(ways);
        checks();
        long bytes = spec.scope().start() == null
                ? table.estimatedRows()
                : ranked.get(0).rowsRead();
        out.comment(String.format(
                        Locale.ROOT,
                        "What is overwritten is kept, so that it can be taken back: about %,d MiB if every row is changed.",
                        Math.max(1, Math.max(0, bytes) * imageBytes >> 20)))
                .open("rollback")
                .text("strategy", "before_image")
                .close();
        pacing();
        return out.close().toString();
    }

    private void pacing() {
        out.comment(
                        "How much it gives way to others: gentle makes pauses, balanced only when signals ask for it, fast is for")
                .comment(
                        "a maintenance window. It also watches the load and the disk when you say what the server has:")
                .comment("server: { cpus: 8, disk_free: 200GB }")
                .text("policy", "gentle");
        out.comment("Limits of your own, a question of your own, hours, and a stop after the first part to look at it:")
                .comment(
                        "throttle: { replica_lag: 5s, probe: { query: \"SELECT p99_ms FROM checkout_now\", max: 300 } }")
                .comment("run_between: \"22:00-06:00 Europe/Stockholm\"")
                .comment("canary: 1%");
    }

    private void scope(List<LeftOut> leftOut) {
        Spec.Scope scope = spec.scope();
        out.open("scope").text("table", scope.table().toString());
        if (scope.start() != null) {
            out.text("date_column", ColumnName.text(Objects.requireNonNull(scope.dateColumn())));
            out.comment("The end does not belong to it.");
            leftOut(leftOut);
            out.bare(
                    "date_range", "{ start: " + Moment.text(scope.from()) + ", end: " + Moment.text(scope.to()) + " }");
            out.comment("Whose days these are, where the column has a time zone.");
            out.text("timezone", scope.timezone().getId());
        } else {
            out.comment("No date_range: rows of all dates are meant.");
        }
        out.text("where", scope.where()).close();
    }

    /** Not silently: whoever wants these rows filled too has to know of them. */
    private void leftOut(List<LeftOut> dates) {
        if (dates.isEmpty()) {
            return;
        }
        out.comment(
                "Left out, since they are far from all others and look like stand-ins for a date that nobody knew:");
        dates.forEach(d -> out.comment(String.format(
                Locale.ROOT,
                "  %,d%s %s of %s",
                d.rows(),
                d.rows() < LeftOut.MOST_COUNTED ? "" : " or more",
                d.rows() == 1 ? "row" : "rows",
                d.date())));
        out.comment(
                        "They stay as they are. To fill them too: a backfill of their own, with chunk_by: key, no date_range, and a")
                .comment("where that means them.");
    }

    private void transform() {
        Spec.Transform transform = Objects.requireNonNull(spec.transform());
        String expression = transform.set().values().iterator().next();
        out.open("transform").open("set");
        if (expression.isEmpty()) {
            out.comment(
                    "WRITE HERE what " + filled.name() + " (" + filled.type() + ") is to become: an SQL expression.");
            out.bare(ColumnName.text(filled.name()), "");
        } else {
            out.text(ColumnName.text(filled.name()), expression);
        }
        out.close();
        if (transform.from() == null) {
            out.comment("Further tables of the expression, and how they are joined:");
            out.comment("from: \"customers c\"");
            String on = "c.id = " + SqlName.quote(table.name().name()) + ".customer_id";
            out.comment("on: " + (on.contains("\"") ? "'" + on.replace("'", "''") + "'" : "\"" + on + "\""));
        }
        out.text("from", transform.from()).text("on", transform.on()).close();
    }

    private void strategy(List<Way> ways) {
        out.open("strategy");
        if (!ways.isEmpty()) {
            out.comment("What fits what is there; this file is for incremental:");
            ways.forEach(way -> reason(way.line(), "  "));
        }
        out.text("type", "incremental");
        Alternative best = ranked.get(0);
        reason("By " + Alternatives.line(best) + ".", "");
        if (ranked.size() > 1) {
            out.comment("Also possible, the cheapest first:");
            ranked.stream().skip(1).limit(ALTERNATIVES_SHOWN).forEach(a -> reason(Alternatives.line(a) + ".", "  "));
        }
        out.text("chunk_by", best.chunkBy().word());
        if (best.largestRows() > AutoChunks.ROWS * Chunking.TOLERANCE) {
            out.comment("What is larger by more than a quarter is split.");
            out.bare("chunk_size", "500_000");
        }
        out.comment("Sessions at work at the same time. More are faster, and take more from everybody else.");
        out.bare("parallelism", spec.strategy().parallelism());
        out.comment("A value that is there stays; only missing ones are written.");
        out.bare("preserve_existing", true).close();
    }

    private void checks() {
        out.comment("What is asked before and after. One that fails stops the run, or makes it FAILED (exit 6).")
                .open("execution")
                .open("pre_checks");
        Check.DEFAULT_PRE.forEach(check -> out.line("- " + check.name()));
        out.comment("How the column looked before, for each chunk: counts the scope once.")
                .comment("- capture_baseline_metrics")
                .close()
                .open("post_checks");
        Check.DEFAULT_POST.forEach(check -> out.line("- " + check.name()));
        out.comment("No row in scope lacks a value: reads the scope once.")
                .line("- " + YamlText.quoted("verify_no_nulls_in_" + filled.name()))
                .comment("1 % of what was written is computed anew.")
                .line("- verify_values_match_expression")
                .comment(
                        "No trigger changes another column: 1 batch in 20 is compared. Costs what reading it twice costs.")
                .comment("- verify_untouched_columns_unchanged")
                .comment("What was written looks like what the application writes; warns, and fails from fail_at on.")
                .comment("- { name: compare_distribution_to_recent, fail_at: 0.25 }")
                .close()
                .close();
    }

    /** A comment that may be long: in lines of a width that a terminal has, the later ones set in. */
    private void reason(String text, String indent) {
        var line = new StringBuilder(indent);
        for (String word : text.split(" ")) {
            if (line.length() + word.length() > WIDTH) {
                out.comment(line.toString());
                line = new StringBuilder(indent + "  ");
            }
            line.append(line.toString().isBlank() ? "" : " ").append(word);
        }
        out.comment(line.toString());
    }
}
