package io.backhoe.check;

import io.backhoe.spec.Check;

/** Which class answers which check. */
final class Questions {
    private Questions() {}

    static Question of(Check check) {
        return switch (check.kind()) {
            case SOURCE_DATA_EXISTS -> new SourceDataExists();
            case TARGET_COLUMN_EXISTS -> new TargetColumnExists();
            case BACKUP_EXISTS -> new BackupExists();
            case NO_CONCURRENT_BACKFILLS -> new NoConcurrentBackfills();
            case PERMISSIONS -> new Permissions();
            case DISK_SPACE -> new DiskSpace();
            case CAPTURE_BASELINE -> new CaptureBaseline();
            case EXPECTED_ROWS -> new ExpectedRows();
            case RECORDS_FOUND -> new RecordsFound();
            case ALL_CHUNKS_SUCCEEDED -> new AllChunksSucceeded();
            case ROW_COUNT_UNCHANGED -> new RowCountUnchanged();
            case NO_NULLS -> new NoNulls(check);
            case UNTOUCHED_COLUMNS -> new UntouchedColumnsUnchanged(check);
            case VALUES_MATCH -> new ValuesMatchExpression(check);
            case DISTRIBUTION -> new CompareDistribution(check);
            case NO_GAPS -> new NoGaps();
            case CAPTURE_GAPS -> new CaptureGaps();
            case SQL -> new OwnQuery(check);
        };
    }
}
