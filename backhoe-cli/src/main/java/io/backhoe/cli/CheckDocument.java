package io.backhoe.cli;

import io.backhoe.ledger.CheckRecord;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What checks have found, as data of a JSON document. */
final class CheckDocument {
    private CheckDocument() {}

    static List<Map<String, @Nullable Object>> of(List<CheckRecord> checks) {
        return checks.stream().map(CheckDocument::check).toList();
    }

    private static Map<String, @Nullable Object> check(CheckRecord check) {
        var data = new LinkedHashMap<String, @Nullable Object>();
        data.put("phase", check.phase().word());
        data.put("name", check.name());
        data.put("verdict", check.verdict().word());
        data.put("remark", check.remark() == null ? null : check.remark().word());
        data.put("evidence", check.evidence());
        data.put("sql", check.sql());
        data.put("at", Figures.instant(check.at()));
        return data;
    }
}
