package io.backhoe.spec;

import io.backhoe.value.BackupLocation;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How what a run overwrites can be had back, as a file says it. */
final class RollbackReader {
    private static final List<String> OF_AN_OBJECT_STORE =
            List.of("storage_class", "server_side_encryption", "kms_key_id");

    private RollbackReader() {}

    static Spec.Rollback read(Section in, String way, List<String> warnings) {
        boolean external = in.read("backup", Words::backup) != null;
        String location = in.read("backup_location", Value::text);
        var export = new Spec.Export(
                in.readOr(true, "keep_in_database", Value::yesOrNo),
                in.read("storage_class", RollbackReader::storageClass),
                in.read("server_side_encryption", RollbackReader::encryption),
                in.read("kms_key_id", Value::text));
        boolean exports = way.equals("restore_from_backup") && !external;
        if (external && location == null) {
            in.problem("backup", "external needs rollback.backup_location: where the files of the backup are");
        }
        if (exports && location == null) {
            in.problem(
                    "backup_location",
                    "is required by strategy restore_from_backup: a folder such as"
                            + " file:///backups, or s3://BUCKET/PREFIX/");
        }
        if (!exports) {
            refuseOfExports(in);
            warn(way, external, location, warnings);
            return new Spec.Rollback(
                    !way.equals("none"),
                    location == null ? null : new Spec.Backup(LiteralSecret.strip(location), external));
        }
        String kept = location == null ? null : checked(in, location, export);
        return new Spec.Rollback(true, kept == null ? null : new Spec.Backup(kept, false, export));
    }

    private static void warn(String way, boolean external, @Nullable String location, List<String> warnings) {
        if (way.equals("restore_from_backup")) {
            warnings.add(
                    "rollback.strategy: with backup: external somebody else makes the backup, so nothing is sent there;"
                            + " before-images are kept in the database, so that the run can be undone");
        } else if (way.equals("before_image") && location != null) {
            warnings.add("rollback.backup_location: nothing is written there, before-images are kept in the database;"
                    + " strategy restore_from_backup sends them there");
        }
    }

    private static void refuseOfExports(Section in) {
        if (in.value("keep_in_database") != null) {
            in.problem("keep_in_database", "has a meaning only with strategy restore_from_backup");
        }
        OF_AN_OBJECT_STORE.stream()
                .filter(key -> in.value(key) != null)
                .forEach(key -> in.problem(key, "has a meaning only with strategy restore_from_backup"));
    }

    /** Null when something is wrong with it, which is noted. */
    private static @Nullable String checked(Section in, String text, Spec.Export export) {
        BackupLocation location;
        try {
            location = BackupLocation.parse(text);
        } catch (IllegalArgumentException e) {
            in.problem("backup_location", String.valueOf(e.getMessage()));
            return null;
        }
        if (location.scheme().equals("file")) {
            OF_AN_OBJECT_STORE.stream()
                    .filter(key -> in.value(key) != null)
                    .forEach(key -> in.problem(key, "has no meaning for a folder"));
        }
        String encryption = export.encryption();
        if (export.kmsKeyId() != null && (encryption == null || !encryption.startsWith("aws:kms"))) {
            in.problem("kms_key_id", "needs server_side_encryption: aws:kms");
        }
        return location.toString();
    }

    private static @Nullable String encryption(Value value) {
        return Words.word(
                value, Map.of("AES256", "AES256", "aws:kms", "aws:kms", "aws:kms:dsse", "aws:kms:dsse"), List.of());
    }

    /** Which there are, the place says: there are more of them each year. */
    private static @Nullable String storageClass(Value value) {
        String text = value.text();
        if (text != null && !text.matches("[A-Z][A-Z_]{0,40}")) {
            value.problem("'" + text + "' is no storage class; write it as S3 does, such as STANDARD_IA");
            return null;
        }
        return text;
    }
}
