package io.backhoe.s3;

import io.backhoe.backup.BackupException;
import io.backhoe.backup.BackupStore;
import io.backhoe.backup.Digest;
import io.backhoe.spec.Spec;
import io.backhoe.value.BackupLocation;
import io.backhoe.value.SystemTime;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ObjectLockLegalHoldStatus;

/** A prefix of a bucket. Thread-safe. */
final class S3Store implements BackupStore {
    private final S3Client client;
    private final String bucket;
    private final String prefix;
    private final Spec.Export export;

    /** @param prefix nothing, or ending in a slash */
    S3Store(S3Client client, String bucket, String prefix, Spec.Export export) {
        this.client = client;
        this.bucket = bucket;
        this.prefix = prefix;
        this.export = export;
    }

    @Override
    public BackupLocation location() {
        return new BackupLocation("s3", bucket + "/" + prefix);
    }

    @Override
    public Digest put(String name, Content content) {
        var upload = new S3Upload(client, bucket, prefix + name, export);
        boolean there = false;
        try {
            content.writeTo(upload.out());
            Digest sent = upload.complete();
            there = true;
            return upload.confirmed() ? sized(name, sent) : read(name);
        } catch (SdkException e) {
            throw S3Errors.of(e, "written", location() + name);
        } catch (IOException e) {
            throw new BackupException(
                    BackupException.Kind.DOWN, location() + name + " cannot be written: " + e.getMessage(), e);
        } finally {
            if (!there) {
                upload.abort();
            }
        }
    }

    /** The parts are as they were sent; that all of them are there is seen by the size. */
    private Digest sized(String name, Digest sent) {
        long bytes = client.headObject(r -> r.bucket(bucket).key(prefix + name)).contentLength();
        return bytes == sent.bytes() ? sent : new Digest(bytes, "not known");
    }

    private Digest read(String name) throws IOException {
        try (var in = get(name)) {
            return Digest.of(in);
        }
    }

    @Override
    public InputStream get(String name) {
        return calling("read", name, () -> {
            var answer = client.getObject(r -> r.bucket(bucket).key(prefix + name));
            return new WholeStream(answer, answer.response().contentLength());
        });
    }

    @Override
    public List<Stored> list() {
        return calling(
                "listed",
                "",
                () ->
                        client
                                .listObjectsV2Paginator(
                                        r -> r.bucket(bucket).prefix(prefix).delimiter("/"))
                                .contents()
                                .stream()
                                .filter(object -> object.key().length() > prefix.length())
                                .map(object -> new Stored(object.key().substring(prefix.length()), object.size()))
                                .sorted((a, b) -> a.name().compareTo(b.name()))
                                .toList());
    }

    @Override
    public List<String> folders() {
        return calling(
                "listed",
                "",
                () ->
                        client
                                .listObjectsV2Paginator(
                                        r -> r.bucket(bucket).prefix(prefix).delimiter("/"))
                                .commonPrefixes()
                                .stream()
                                .map(CommonPrefix::prefix)
                                .map(folder -> folder.substring(prefix.length(), folder.length() - 1))
                                .toList());
    }

    @Override
    public Optional<String> held(String name) {
        return versions(name).stream().flatMap(v -> held(name, v).stream()).findFirst();
    }

    /** Of a bucket without versions, or where they may not be listed, the one that there is: null. */
    private List<@Nullable String> versions(String name) {
        String key = prefix + name;
        try {
            var found = new ArrayList<@Nullable String>();
            for (var page :
                    client.listObjectVersionsPaginator(r -> r.bucket(bucket).prefix(key))) {
                page.versions().stream().filter(v -> v.key().equals(key)).forEach(v -> found.add(known(v.versionId())));
                page.deleteMarkers().stream()
                        .filter(m -> m.key().equals(key))
                        .forEach(m -> found.add(known(m.versionId())));
            }
            return found;
        } catch (SdkException e) {
            if (S3Errors.isUnknown(e) || S3Errors.isForbidden(e)) {
                var one = new ArrayList<@Nullable String>();
                one.add(null);
                return one;
            }
            throw S3Errors.of(e, "listed", location() + name);
        }
    }

    private static @Nullable String known(@Nullable String versionId) {
        return versionId == null || versionId.isEmpty() || versionId.equals("null") ? null : versionId;
    }

    private Optional<String> held(String name, @Nullable String version) {
        try {
            return lock(
                    client.headObject(r -> r.bucket(bucket).key(prefix + name).versionId(version)));
        } catch (SdkException e) {
            // A marker of a deletion has no head, and who may not look may still delete.
            if (S3Errors.isMissing(e) || S3Errors.isUnknown(e) || S3Errors.isForbidden(e)) {
                return Optional.empty();
            }
            throw S3Errors.of(e, "looked at", location() + name);
        }
    }

    private static Optional<String> lock(HeadObjectResponse head) {
        if (head.objectLockLegalHoldStatus() == ObjectLockLegalHoldStatus.ON) {
            return Optional.of("object lock: legal hold");
        }
        var until = head.objectLockRetainUntilDate();
        return until != null && until.isAfter(new SystemTime().now())
                ? Optional.of("object lock: " + head.objectLockModeAsString() + " until " + until)
                : Optional.empty();
    }

    @Override
    public Optional<String> delete(String name) {
        Optional<String> stays = Optional.empty();
        for (String version : versions(name)) {
            Optional<String> lock = held(name, version);
            if (lock.isPresent()) {
                stays = lock;
            } else {
                calling(
                        "deleted",
                        name,
                        () -> client.deleteObject(
                                r -> r.bucket(bucket).key(prefix + name).versionId(version)));
            }
        }
        return stays;
    }

    @Override
    public void clearUnfinished() {
        calling("cleared of unfinished uploads", "", () -> {
            for (var upload : client.listMultipartUploadsPaginator(
                            r -> r.bucket(bucket).prefix(prefix))
                    .uploads()) {
                if (upload.key().startsWith(prefix)) {
                    client.abortMultipartUpload(
                            r -> r.bucket(bucket).key(upload.key()).uploadId(upload.uploadId()));
                }
            }
            return prefix;
        });
    }

    @Override
    public void close() {
        client.close();
    }

    private <T> T calling(String done, String name, Supplier<T> call) {
        try {
            return call.get();
        } catch (SdkException e) {
            throw S3Errors.of(e, done, location() + name);
        }
    }
}
