package io.backhoe.report;

import io.backhoe.ledger.EventRecord;
import io.backhoe.ledger.TroubleCount;
import io.backhoe.report.Section.Block;
import io.backhoe.report.Section.Command;
import io.backhoe.report.Section.Fact;
import io.backhoe.report.Section.Facts;
import io.backhoe.report.Section.Table;
import io.backhoe.report.Section.Text;
import io.backhoe.value.RunState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** What a report says, in its order; the same in Markdown and in HTML. */
final class Outline {
    static final String FORECAST = "Forecast and Actual";

    private static final int EVENTS_SHOWN = 100;
    private static final int LONGEST = 500;
    private static final Pattern TWO_DATES = Pattern.compile("\\d to \\d");

    private final RunAccount account;
    private final String flags;

    Outline(RunAccount account, String flags) {
        this.account = account;
        this.flags = flags;
    }

    String title() {
        return "Backfill Progress: " + ChunkText.clipped(account.run().name(), 200);
    }

    Facts head() {
        var run = account.run();
        var facts = new ArrayList<Fact>();
        facts.add(new Fact("Started", run.startedAt() == null ? "not yet" : Numbers.instant(run.startedAt())));
        facts.add(new Fact("Current Status", status()));
        var purpose = account.report().purpose();
        if (purpose.reason() != null) {
            facts.add(new Fact("Reason", ChunkText.clipped(purpose.reason(), LONGEST)));
        }
        if (purpose.records() != null) {
            facts.add(new Fact("Records", ChunkText.clipped(purpose.records(), LONGEST)));
        }
        facts.add(new Fact("Run", run.id() + " on " + run.table() + ", plan " + run.planHash()));
        facts.add(new Fact("Read", Numbers.instant(account.readAt()) + " (all times are UTC)"));
        return new Facts(facts);
    }

    private String status() {
        var run = account.run();
        String text = run.state().name();
        if (account.isOpen() || run.state() == RunState.PLANNED) {
            text += run.executed()
                    ? run.executor() == null ? "" : ", executed by " + run.executor()
                    : ", but no process executes it";
        } else if (run.endedAt() != null) {
            text += " since " + Numbers.instant(run.endedAt());
        }
        return run.reason() == null ? text : text + ": " + ChunkText.clipped(run.reason(), LONGEST);
    }

    /** The facts below the chunks. */
    Facts figures() {
        var report = account.report();
        var facts = new ArrayList<Fact>();
        facts.add(new Fact(
                "Rows Processed",
                Numbers.count(report.examined())
                        + (account.estimatedRows() > 0 ? " / ~" + Numbers.count(account.estimatedRows()) : "")));
        facts.add(new Fact("Rows Changed", Numbers.count(report.changed())));
        if (account.run().undoing()) {
            facts.add(new Fact("Rows Restored", Numbers.count(report.restored())));
            facts.add(new Fact(
                    "Rows Kept",
                    Numbers.count(report.kept())
                            + (report.kept() > 0 ? ", which somebody has changed or deleted since" : "")));
        }
        facts.add(new Fact("Elapsed Time", elapsed()));
        if (account.going()) {
            facts.add(new Fact("Estimated Remaining", remaining()));
            var last = account.pace().last();
            if (last != null && last.isFresh(account.readAt())) {
                facts.add(new Fact("Limited By", last.limit().toString()));
            }
        }
        return new Facts(facts);
    }

    private String elapsed() {
        Duration elapsed = account.elapsed();
        if (elapsed == null) {
            return "-";
        }
        var worked = account.worked();
        if (account.run().undoing()) {
            return Numbers.time(worked) + " of work, and " + Numbers.time(account.undone()) + " to take it back";
        }
        boolean paused = elapsed.minus(worked).compareTo(Duration.ofSeconds(1)) > 0;
        return Numbers.time(elapsed) + (paused ? ", of which " + Numbers.time(worked) + " of work" : "");
    }

    private String remaining() {
        var band = account.remaining();
        if (band != null) {
            return Numbers.between(Numbers.rounded(band.low()), Numbers.rounded(band.high()));
        }
        boolean more = !account.run().undoing()
                && account.estimatedRows() > 0
                && account.report().examined() >= account.estimatedRows();
        return more ? "not known: there are more rows than estimated" : "measuring";
    }

    Table chunks(Selection selection) {
        return new Table(
                List.of("Chunk", "Date Range", "Rows", "Status", "Duration"),
                selection.shown().stream().map(c -> ChunkText.cells(c, account)).toList());
    }

    /** How to read the chunks. */
    List<Block> legend(Selection selection) {
        var lines = new ArrayList<Block>();
        if (!selection.remark().isEmpty()) {
            lines.add(new Text(selection.remark()));
        }
        var said = new ArrayList<String>();
        said.add(
                account.run().undoing()
                        ? "Rows are those restored; Duration is that of the work before."
                        : "Rows are those changed.");
        if (selection.shown().stream()
                .anyMatch(c -> TWO_DATES.matcher(ChunkText.range(c)).find())) {
            said.add("The second date of a range no longer belongs to it.");
        }
        boolean dated = account.report().chunks().stream().anyMatch(c -> c.shownStart() != null);
        if (dated && !account.timezone().equals("UTC")) {
            said.add("Date ranges are local to " + account.timezone() + " where the column has a time zone.");
        }
        lines.add(new Text(String.join(" ", said)));
        return lines;
    }

    /** Everything after the progress. */
    List<Section> rest() {
        var sections = new ArrayList<Section>();
        if (!account.gaps().isEmpty()) {
            sections.add(new Section("Gaps", new Gaps(account).blocks()));
        }
        checks(sections);
        sections.add(new Section(FORECAST, new Grade(account).blocks()));
        failed(sections);
        if (!account.retries().isEmpty()) {
            sections.add(new Section(
                    "Retries",
                    List.of(
                            counts("Attempts", account.retries()),
                            new Text("Attempts that did not work, each of which was rolled back; backhoe.attempt has"
                                    + " them one by one."))));
        }
        lost(sections);
        quarantine(sections);
        sections.add(new Section("How to Undo", new Undo(account, flags).blocks()));
        history(sections);
        return sections;
    }

    private void checks(List<Section> to) {
        var checks = account.report().checks();
        if (checks.isEmpty()) {
            return;
        }
        var rows = checks.stream()
                .map(c -> List.of(
                        c.phase().word(),
                        ChunkText.clipped(c.name(), 100),
                        c.verdict().word().replace('_', ' ')
                                + (c.remark() == null
                                        ? ""
                                        : " (" + c.remark().word().replace('_', ' ') + ")"),
                        ChunkText.clipped(c.evidence(), LONGEST),
                        Numbers.instant(c.at())))
                .toList();
        var blocks = new ArrayList<Block>();
        blocks.add(new Table(List.of("Asked", "Check", "Verdict", "Evidence", "At"), rows));
        checks.stream().filter(c -> !c.holds() && c.sql() != null).forEach(c -> {
            blocks.add(new Text("To look at " + c.name() + " oneself:"));
            blocks.add(new Command(String.valueOf(c.sql())));
        });
        to.add(new Section("Checks", blocks));
    }

    private void failed(List<Section> to) {
        var failed = account.report().chunks().stream()
                .filter(c -> c.error() != null)
                .toList();
        if (failed.isEmpty()) {
            return;
        }
        var rows = failed.stream()
                .limit(EVENTS_SHOWN)
                .map(c -> List.of(ChunkText.clipped(c.id(), 80), ChunkText.clipped(String.valueOf(c.error()), LONGEST)))
                .toList();
        var blocks = new ArrayList<Block>();
        blocks.add(new Table(List.of("Chunk", "Error"), rows));
        if (failed.size() > rows.size()) {
            blocks.add(new Text(
                    Numbers.count((long) failed.size() - rows.size()) + " more; the JSON report has all of them."));
        }
        to.add(new Section("Errors of Chunks", blocks));
    }

    private void lost(List<Section> to) {
        if (account.pace().lost().isEmpty()) {
            return;
        }
        to.add(new Section(
                "Time Lost",
                List.of(
                        new Table(
                                List.of("Reason", "Times", "Time"),
                                account.pace().lost().stream()
                                        .map(l -> List.of(l.reason(), Numbers.count(l.times()), Numbers.time(l.time())))
                                        .toList()),
                        new Text("What workers waited, and work that came to nothing; the times of workers add up."))));
    }

    private void quarantine(List<Section> to) {
        if (account.quarantine().isEmpty()) {
            return;
        }
        long rows = account.quarantine().stream().mapToLong(TroubleCount::count).sum();
        var run = account.run();
        to.add(new Section(
                "Quarantined Rows",
                List.of(
                        new Text(Numbers.of(rows, "row") + " could not be changed and " + (rows == 1 ? "was" : "were")
                                + " left as " + (rows == 1 ? "it was" : "they were") + "."),
                        counts("Rows", account.quarantine()),
                        new Text("Their keys and errors are in the database, for those who may read them:"),
                        new Command("SELECT row_key, sqlstate, message FROM backhoe.quarantine WHERE run_id = "
                                + run.id() + " AND released_at IS NULL;"),
                        new Text("When the cause is mended, this does them again:"),
                        new Command("backhoe retry " + run.id() + flags))));
    }

    private static Table counts(String what, List<TroubleCount> counts) {
        return new Table(
                List.of("SQLSTATE", what, "First", "Last"),
                counts.stream()
                        .map(c -> List.of(
                                c.sqlState(),
                                Numbers.count(c.count()),
                                Numbers.instant(c.first()),
                                Numbers.instant(c.last())))
                        .toList());
    }

    private void history(List<Section> to) {
        var events = account.events();
        var shown = events.subList(Math.max(0, events.size() - EVENTS_SHOWN), events.size());
        var blocks = new ArrayList<Block>();
        if (shown.size() < events.size()) {
            blocks.add(new Text("The newest " + shown.size() + "; backhoe.event has all of them."));
        }
        blocks.add(new Table(
                List.of("When", "What"),
                shown.stream()
                        .map(e -> List.of(Numbers.instant(e.at()), ChunkText.clipped(said(e), LONGEST)))
                        .toList()));
        to.add(new Section("History", blocks));
    }

    private static String said(EventRecord event) {
        return switch (event.kind()) {
            case "state", "taken_over" -> event.message();
            case "executor" -> "taken up by " + event.message();
            case "executor_lost" -> "last sign of life of " + event.message();
            case "command" ->
                event.message() + ", by " + event.who()
                        + (event.origin() == null ? "" : " (" + event.origin() + ")")
                        + (event.why() == null ? "" : ": " + event.why());
            default -> event.kind() + ": " + event.message();
        };
    }
}
