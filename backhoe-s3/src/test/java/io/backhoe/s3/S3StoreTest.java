package io.backhoe.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backhoe.backup.BackupException;
import io.backhoe.backup.BackupStore;
import io.backhoe.backup.BackupStores;
import io.backhoe.backup.Digest;
import io.backhoe.spec.Spec;
import io.backhoe.value.BackupLocation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.S3Client;

/** Objects in a bucket of a real server. */
class S3StoreTest {
    private static final byte[] SMALL = "small".getBytes(StandardCharsets.UTF_8);

    private Bucket bucket;
    private BackupStore store;

    @BeforeEach
    void start() throws Exception {
        bucket = Bucket.start();
        store = bucket.store();
    }

    @AfterEach
    void stop() throws Exception {
        store.close();
        bucket.close();
    }

    @Test
    void whatIsPutThereIsThere() throws IOException {
        assertThat(store.put("a.csv.zst", out -> out.write(SMALL))).isEqualTo(Digest.of(SMALL));
        store.put("b.csv.zst", out -> {});
        assertThat(store.get("a.csv.zst").readAllBytes()).isEqualTo(SMALL);
        assertThat(store.list())
                .containsExactly(new BackupStore.Stored("a.csv.zst", 5), new BackupStore.Stored("b.csv.zst", 0));
        try (var above = BackupStores.open(BackupLocation.parse("s3://" + Bucket.NAME + "/of/"))) {
            assertThat(above.folders()).containsExactly("shop");
            assertThat(above.list()).isEmpty();
        }
        assertThat(store.delete("a.csv.zst")).isEmpty();
        assertThat(store.delete("a.csv.zst")).isEmpty();
        assertThat(store.list()).extracting(BackupStore.Stored::name).containsExactly("b.csv.zst");
        assertThatThrownBy(() -> store.get("a.csv.zst"))
                .isInstanceOfSatisfying(
                        BackupException.class, e -> assertThat(e.kind()).isEqualTo(BackupException.Kind.MISSING));
    }

    @Test
    void whatIsLargeGoesInPartsAndLeavesNoneBehind() throws IOException {
        byte[] large = new byte[20 << 20];
        new Random(7).nextBytes(large);

        Digest put = store.put("large.csv.zst", out -> out.write(large));

        assertThat(put).isEqualTo(Digest.of(large));
        assertThat(Digest.of(store.get("large.csv.zst"))).isEqualTo(put);
        assertThat(uploads()).isZero();
        assertThatThrownBy(() -> store.put("half.csv.zst", out -> {
                    out.write(large, 0, 10 << 20);
                    throw new IOException("no more");
                }))
                .isInstanceOf(BackupException.class);
        assertThat(uploads()).isZero();
        assertThat(store.list()).extracting(BackupStore.Stored::name).containsExactly("large.csv.zst");
    }

    @Test
    void whatAKilledProcessLeftIsClearedAway() {
        try (var client = client()) {
            client.createMultipartUpload(r -> r.bucket(Bucket.NAME).key("of/shop/orphan.csv.zst"));
            client.createMultipartUpload(r -> r.bucket(Bucket.NAME).key("of/others"));
            assertThat(uploads()).isEqualTo(2);

            store.clearUnfinished();

            assertThat(client.listMultipartUploads(r -> r.bucket(Bucket.NAME)).uploads())
                    .extracting(u -> u.key())
                    .containsExactly("of/others");
        }
    }

    @Test
    void whatIsBentOnTheWayIsRefusedByTheServer() {
        bucket.meddler().after(0, Meddler.Fault.BENT);

        assertThatThrownBy(() -> store.put("a.csv.zst", out -> out.write(SMALL)))
                .isInstanceOf(BackupException.class)
                .hasMessageContaining("a.csv.zst cannot be written: the server answers 400 BadDigest");

        assertThat(store.list()).isEmpty();
    }

    @Test
    void classEncryptionAndKeyAreAskedFor() {
        var export = new Spec.Export(true, "STANDARD_IA", "aws:kms", "key-7");
        try (var other = BackupStores.open(Bucket.location(), export)) {
            other.put("a.csv.zst", out -> out.write(SMALL));
        } catch (BackupException e) {
            // This server may not know how; what it was asked counts.
            assertThat(e.kind()).isNotNull();
        }
        assertThat(bucket.meddler().asked())
                .anySatisfy(request -> assertThat(request)
                        .startsWith("PUT /backups/of/shop/a.csv.zst")
                        .contains("x-amz-storage-class=STANDARD_IA")
                        .contains("x-amz-server-side-encryption=aws:kms")
                        .contains("x-amz-server-side-encryption-aws-kms-key-id=key-7"));
    }

    @Test
    void anObjectUnderLockStaysAndSaysUntilWhen() {
        store.put("a.csv.zst", out -> out.write(SMALL));
        bucket.meddler().added().put("x-amz-object-lock-mode", "COMPLIANCE");
        bucket.meddler().added().put("x-amz-object-lock-retain-until-date", "2099-01-01T00:00:00Z");

        assertThat(store.held("a.csv.zst")).hasValue("object lock: COMPLIANCE until 2099-01-01T00:00:00Z");
        assertThat(store.delete("a.csv.zst")).hasValue("object lock: COMPLIANCE until 2099-01-01T00:00:00Z");

        bucket.meddler().added().clear();
        assertThat(store.list()).hasSize(1);
        assertThat(store.delete("a.csv.zst")).isEmpty();
        assertThat(store.list()).isEmpty();
    }

    @Test
    void anAnswerIsUnderstoodAndHoldsNoSecret() throws Exception {
        var faults = Map.of(
                Meddler.Fault.FORBIDDEN, BackupException.Kind.FORBIDDEN,
                Meddler.Fault.FULL, BackupException.Kind.FULL,
                Meddler.Fault.UNAVAILABLE, BackupException.Kind.DOWN);
        faults.forEach((fault, kind) -> {
            bucket.meddler().after(0, fault);
            assertThatThrownBy(() -> store.put("a.csv.zst", out -> out.write(SMALL)))
                    .isInstanceOfSatisfying(
                            BackupException.class, e -> assertThat(e.kind()).isEqualTo(kind))
                    .hasMessageNotContaining(Bucket.SECRET);
        });
        bucket.meddler().well();
        bucket.kill();
        bucket.meddler().close();
        assertThatThrownBy(() -> store.list())
                .isInstanceOfSatisfying(
                        BackupException.class, e -> assertThat(e.kind()).isEqualTo(BackupException.Kind.DOWN))
                .hasMessageContaining("s3://backups/of/shop/ cannot be listed: the server is out of reach");
    }

    private long uploads() {
        try (var client = client()) {
            return client.listMultipartUploads(r -> r.bucket(Bucket.NAME))
                    .uploads()
                    .size();
        }
    }

    private static S3Client client() {
        return S3Client.builder().forcePathStyle(true).build();
    }
}
