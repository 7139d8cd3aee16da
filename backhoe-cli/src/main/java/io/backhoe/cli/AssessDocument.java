package io.backhoe.cli;

import io.backhoe.assess.Assessment;
import io.backhoe.assess.Finding;
import io.backhoe.assess.GapMap;
import io.backhoe.assess.Severity;
import io.backhoe.assess.Way;
import io.backhoe.spec.Spec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What was found out, as the data of a JSON document. */
final class AssessDocument {
    private AssessDocument() {}

    static Map<String, @Nullable Object> of(Assessment assessment, Spec spec) {
        var data = new LinkedHashMap<String, @Nullable Object>();
        data.put("verdict", AssessPage.verdict(assessment));
        data.put("table", assessment.table().toString());
        data.put("server", assessment.server().product());
        data.put("date_column", assessment.dateColumn());
        data.put("date_range", Figures.range(spec.scope().start(), spec.scope().end()));
        data.put("took_ms", assessment.took().toMillis());
        data.put("blockers", assessment.of(Severity.BLOCKER).size());
        data.put("warnings", assessment.of(Severity.WARNING).size());
        data.put("infos", assessment.of(Severity.INFO).size());
        data.put("could_not_tell", assessment.unanswered().size());
        data.put("must_not_run", !assessment.of(Severity.BLOCKER).isEmpty());
        data.put("gap_map", assessment.gaps() == null ? null : gaps(assessment.gaps()));
        data.put("ways", ways(assessment.ways()));
        data.put(
                "findings",
                assessment.findings().stream().map(AssessDocument::finding).toList());
        return data;
    }

    static List<Map<String, @Nullable Object>> ways(List<Way> ways) {
        return ways.stream().map(AssessDocument::way).toList();
    }

    private static Map<String, @Nullable Object> way(Way way) {
        var data = new LinkedHashMap<String, @Nullable Object>();
        data.put("strategy", way.strategy());
        data.put("recommended", way.recommended());
        data.put("rows", way.rows());
        data.put("growth_bytes", way.growthBytes());
        data.put("undo_bytes", way.undoBytes());
        var duration = way.duration();
        data.put("duration_ms", duration == null ? null : ForecastLines.band(duration.low(), duration.high()));
        data.put("what", way.what());
        return data;
    }

    private static Map<String, @Nullable Object> gaps(GapMap gaps) {
        var data = new LinkedHashMap<String, @Nullable Object>();
        data.put("unit", gaps.unit().word());
        data.put("counted", gaps.counted());
        data.put("percent_read", gaps.percent());
        data.put("total", gaps.total());
        data.put("missing", gaps.missing());
        data.put("filled", gaps.filled());
        data.put("bytes", gaps.bytes(gaps.total()));
        data.put("missing_bytes", gaps.bytes(gaps.missing()));
        data.put(
                "periods",
                gaps.periods().stream().map(period -> period(gaps, period)).toList());
        data.put("sql", gaps.sql());
        return data;
    }

    private static Map<String, @Nullable Object> period(GapMap gaps, GapMap.Period period) {
        var data = new LinkedHashMap<String, @Nullable Object>();
        data.put("date_range", Figures.range(period.start(), period.end()));
        data.put("total", period.total());
        data.put("missing", period.missing());
        data.put("filled", period.filled());
        data.put("bytes", gaps.bytes(period.total()));
        data.put("missing_bytes", gaps.bytes(period.missing()));
        return data;
    }

    private static Map<String, @Nullable Object> finding(Finding finding) {
        var data = new LinkedHashMap<String, @Nullable Object>();
        data.put("code", finding.code());
        data.put("severity", finding.severity().word());
        data.put("what", finding.what());
        data.put("evidence", finding.evidence());
        data.put("sql", finding.sql());
        data.put("remedy", finding.remedy());
        return data;
    }
}
