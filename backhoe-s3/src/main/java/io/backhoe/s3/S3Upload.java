package io.backhoe.s3;

import io.backhoe.backup.Digest;
import io.backhoe.spec.Spec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;

/**
 * An object on its way: what is small goes in one request, what is larger in parts, of which one is in memory. Each request
 * carries an MD5, which the server refuses to differ from. Confined to one thread.
 */
final class S3Upload {
    static final int PART = 8 << 20;

    private final S3Client client;
    private final String bucket;
    private final String key;
    private final Spec.Export export;
    private final ByteArrayOutputStream part = new ByteArrayOutputStream();
    private final Digest.Writing out;
    private final List<CompletedPart> parts = new ArrayList<>();
    private @Nullable String uploadId;
    private boolean confirmed = true;

    S3Upload(S3Client client, String bucket, String key, Spec.Export export) {
        this.client = client;
        this.bucket = bucket;
        this.key = key;
        this.export = export;
        this.out = new Digest.Writing(new Parts());
    }

    OutputStream out() {
        return out;
    }

    /** Whether the server has answered with the checksum of each request; else what it has must be read. */
    boolean confirmed() {
        return confirmed;
    }

    /** Sends what is left. The object is there when this returns. */
    Digest complete() {
        String upload = uploadId;
        if (upload == null) {
            byte[] content = part.toByteArray();
            byte[] md5 = md5(content);
            var put = client.putObject(
                    r -> r.bucket(bucket)
                            .key(key)
                            .contentMD5(Base64.getEncoder().encodeToString(md5))
                            .storageClass(export.storageClass())
                            .serverSideEncryption(export.encryption())
                            .ssekmsKeyId(export.kmsKeyId()),
                    RequestBody.fromBytes(content));
            confirm(put.eTag(), md5);
        } else {
            if (part.size() > 0) {
                send(upload);
            }
            client.completeMultipartUpload(
                    r -> r.bucket(bucket).key(key).uploadId(upload).multipartUpload(m -> m.parts(parts)));
        }
        return out.digest();
    }

    /** Nothing is left of it at the server, if it can be reached. */
    void abort() {
        String upload = uploadId;
        if (upload == null) {
            return;
        }
        uploadId = null;
        // Whoever gave it up may have interrupted this thread, and the client would not begin.
        boolean interrupted = Thread.interrupted();
        try {
            client.abortMultipartUpload(r -> r.bucket(bucket).key(key).uploadId(upload));
        } catch (SdkException e) {
            // The next executor of the run finds it and clears it away.
            confirmed = false;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void send(String upload) {
        byte[] content = part.toByteArray();
        part.reset();
        byte[] md5 = md5(content);
        int number = parts.size() + 1;
        var sent = client.uploadPart(
                r -> r.bucket(bucket)
                        .key(key)
                        .uploadId(upload)
                        .partNumber(number)
                        .contentMD5(Base64.getEncoder().encodeToString(md5)),
                RequestBody.fromBytes(content));
        confirm(sent.eTag(), md5);
        parts.add(CompletedPart.builder().partNumber(number).eTag(sent.eTag()).build());
    }

    /** Of an object that is encrypted by a key of the user's, the tag is no MD5. */
    private void confirm(@Nullable String tag, byte[] md5) {
        confirmed = confirmed
                && tag != null
                && tag.replace("\"", "").equals(HexFormat.of().formatHex(md5));
    }

    private String begin() {
        return client.createMultipartUpload(r -> r.bucket(bucket)
                        .key(key)
                        .storageClass(export.storageClass())
                        .serverSideEncryption(ServerSideEncryption.fromValue(export.encryption()))
                        .ssekmsKeyId(export.kmsKeyId()))
                .uploadId();
    }

    private static byte[] md5(byte[] content) {
        try {
            return MessageDigest.getInstance("MD5").digest(content);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has MD5", e);
        }
    }

    /** Sends a part whenever one is full. */
    private final class Parts extends OutputStream {
        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] from, int offset, int length) throws IOException {
            int at = offset;
            while (at < offset + length) {
                int room = Math.min(PART - part.size(), offset + length - at);
                part.write(from, at, room);
                at += room;
                if (part.size() == PART) {
                    String upload = uploadId;
                    if (upload == null) {
                        upload = begin();
                        uploadId = upload;
                    }
                    send(upload);
                }
            }
        }
    }
}
