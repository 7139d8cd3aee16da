package io.backhoe.cli;

import io.backhoe.assess.Assessment;
import io.backhoe.assess.Finding;
import io.backhoe.assess.GapMap;
import io.backhoe.assess.Severity;
import io.backhoe.spec.SourceQuery;
import io.backhoe.spec.Spec;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What was found out, the most urgent first. */
record AssessPage(Assessment assessment, Spec spec, boolean sql) {
    private static final int WIDTH = 96;

    List<String> lines() {
        var lines = new ArrayList<String>();
        lines.add(verdict(assessment));
        gaps(lines);
        if (!assessment.ways().isEmpty()) {
            lines.add("Ways to go about it");
            assessment.ways().forEach(way -> wrap("  " + way.line(), "      ", lines));
        }
        section("Blockers", Severity.BLOCKER, lines);
        section("Warnings", Severity.WARNING, lines);
        section("Good to know", Severity.INFO, lines);
        String next = sql ? "" : "; --sql shows the query behind each finding";
        lines.add("Nothing was changed" + next + ".");
        return lines;
    }

    /** In one line. */
    static String verdict(Assessment assessment) {
        int blockers = assessment.of(Severity.BLOCKER).size();
        int unanswered = assessment.unanswered().size();
        int warnings = assessment.of(Severity.WARNING).size() - unanswered;
        String found = blockers > 0
                ? "must not run as it is: " + plural(blockers, "blocker") + ", " + plural(warnings, "warning")
                : warnings > 0
                        ? "can run, with " + plural(warnings, "warning") + " to read first"
                        : "nothing that was asked speaks against it";
        String open = unanswered == 0 ? "" : "; " + plural(unanswered, "question") + " could not be answered";
        return "A backfill of " + assessment.table() + " ("
                + assessment.server().product() + "): " + found + open + ".";
    }

    private void gaps(List<String> lines) {
        GapMap gaps = assessment.gaps();
        if (gaps == null) {
            return;
        }
        var transform = spec.transform();
        String columns = transform == null
                ? ""
                : transform.source() != null
                        ? missing(transform.source())
                        : String.join(", ", transform.set().keySet());
        var range = Figures.range(spec.scope().start(), spec.scope().end());
        String dates = range == null
                ? "rows of all dates"
                : range.get(0) + " to " + range.get(1) + " of " + assessment.dateColumn();
        lines.add("Missing " + columns + ", " + dates + ": " + (gaps.counted() ? "" : "about ")
                + Figures.count(gaps.missing()) + " of " + of(gaps, transform) + " ("
                + GapMap.share(gaps.missing(), gaps.total()) + ")");
        if (gaps.dated()) {
            lines.addAll(new GapStrip(gaps).lines());
        }
        lines.add(
                gaps.counted()
                        ? "  Counted." + bytes(gaps)
                        : String.format(
                                Locale.ROOT,
                                "  Estimated from %.4f %% of the table's pages, not counted: small periods may be wrong"
                                        + " or missing.",
                                gaps.percent()));
        if (!gaps.counted() && !bytes(gaps).isEmpty()) {
            lines.add(" " + bytes(gaps));
        }
        if (sql) {
            lines.addAll(indented(gaps.sql()));
        }
    }

    /** Of the table alone: what its indexes take does not depend on the period. */
    private static String bytes(GapMap gaps) {
        Long all = gaps.bytes(gaps.total());
        Long missing = gaps.bytes(gaps.missing());
        return all == null || missing == null
                ? ""
                : " The rows in scope take about " + Figures.bytes(all) + " of the table, those that lack a value "
                        + Figures.bytes(missing) + ".";
    }

    private static String of(GapMap gaps, Spec.@Nullable Transform transform) {
        SourceQuery source = transform == null ? null : transform.source();
        return source == null || source.expect() == null ? Figures.rows(gaps.total()) : Figures.count(gaps.total());
    }

    private static String missing(SourceQuery source) {
        return source.expect() == null
                ? "rows that the query yields"
                : source.expect().word() + "s without rows";
    }

    private void section(String head, Severity severity, List<String> lines) {
        List<Finding> findings = assessment.of(severity);
        if (findings.isEmpty()) {
            return;
        }
        lines.add(head);
        findings.stream().filter(f -> !f.notAsked()).forEach(f -> finding(f, lines));
        List<Finding> notAsked = findings.stream().filter(Finding::notAsked).toList();
        if (!notAsked.isEmpty()) {
            wrap(
                    "  could_not_tell: There was no time left to ask "
                            + notAsked.stream()
                                    .map(f -> String.valueOf(f.evidence().get("question")))
                                    .collect(Collectors.joining("; "))
                            + ".",
                    "      ",
                    lines);
            wrap("      do:   " + notAsked.get(0).remedy(), "            ", lines);
        }
    }

    private void finding(Finding finding, List<String> lines) {
        wrap("  " + finding.code() + ": " + finding.what(), "      ", lines);
        if (!finding.evidence().isEmpty()) {
            wrap("      seen: " + evidence(finding), "        ", lines);
        }
        if (finding.remedy() != null) {
            wrap("      do:   " + finding.remedy(), "            ", lines);
        }
        if (sql && finding.sql() != null) {
            lines.addAll(indented(finding.sql()));
        }
    }

    private static String evidence(Finding finding) {
        return finding.evidence().entrySet().stream()
                .map(e -> e.getKey() + " " + text(e.getValue()))
                .collect(Collectors.joining(", "));
    }

    private static String text(Object value) {
        if (value instanceof Long number) {
            return Figures.count(number);
        } else if (value instanceof Double number) {
            return String.format(Locale.ROOT, "%.1f", number);
        } else if (value instanceof List<?> list) {
            return list.stream().map(String::valueOf).collect(Collectors.joining(", ", "(", ")"));
        }
        return String.valueOf(value);
    }

    private static List<String> indented(String query) {
        return query.strip().lines().map(line -> "          " + line).toList();
    }

    private static void wrap(String text, String hang, List<String> lines) {
        String rest = text;
        while (rest.length() > WIDTH) {
            int cut = rest.lastIndexOf(' ', WIDTH);
            if (cut <= hang.length()) {
                break;
            }
            lines.add(rest.substring(0, cut));
            rest = hang + rest.substring(cut + 1);
        }
        lines.add(rest);
    }

    private static String plural(int number, String word) {
        return number + " " + word + (number == 1 ? "" : "s");
    }
}
