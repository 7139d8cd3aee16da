package io.backhoe.cli;

import io.backhoe.report.HtmlReport;
import io.backhoe.report.MarkdownReport;

/** The file that a report goes to. */
final class ReportFile {
    private static final int LOOKED_AT = 2_000;

    private final OutputFile file;

    /** @param name as a person typed it */
    ReportFile(String name) {
        this.file = OutputFile.of(name);
    }

    /**
     * Refuses before any work is done for nothing.
     *
     * @param force whether a file that is something else may be overwritten
     */
    void refuse(boolean force) {
        file.refuseNoPlace();
        if (file.isRegular() && !force && !isReport()) {
            throw file.isThere("already and is not a report");
        }
    }

    private boolean isReport() {
        String beginning = file.beginning(LOOKED_AT);
        return beginning.startsWith(MarkdownReport.BEGINNING)
                || (beginning.startsWith("<!DOCTYPE html>") && beginning.contains(HtmlReport.MARK))
                || beginning.replaceAll("\\s", "").startsWith("{\"schema\":\"backhoe.report/v1\"");
    }

    void write(OutputFile.Content content) {
        file.write(content);
    }
}
