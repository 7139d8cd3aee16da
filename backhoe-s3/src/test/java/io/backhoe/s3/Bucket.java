package io.backhoe.s3;

import io.backhoe.backup.BackupStore;
import io.backhoe.backup.BackupStores;
import io.backhoe.spec.Spec;
import io.backhoe.value.BackupLocation;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;

/** A server that speaks S3's protocol, with a bucket, behind somebody who can be in the way. Gone when closed. */
final class Bucket implements AutoCloseable {
    static final String SECRET = "a-very-secret-key";
    static final String NAME = "backups";

    private final Path files;
    private S3Proxy server;
    private final int port;
    private final Meddler meddler;

    private Bucket(Path files) throws Exception {
        this.files = files;
        this.server = started(0);
        this.port = server.getPort();
        this.meddler = new Meddler(port);
        System.setProperty("aws.endpointUrl", "http://127.0.0.1:" + meddler.port());
        System.setProperty("aws.region", "eu-north-1");
        System.setProperty("aws.accessKeyId", "AKIDTEST");
        System.setProperty("aws.secretAccessKey", SECRET);
        Files.createDirectories(files.resolve(NAME));
    }

    static Bucket start() throws Exception {
        return new Bucket(Files.createTempDirectory("backhoe-s3-"));
    }

    private S3Proxy started(int wished) throws Exception {
        var starting = S3Proxy.builder()
                .blobStore(new FilesystemNio2BlobStore(files.toString()))
                .endpoint(URI.create("http://127.0.0.1:" + wished))
                .awsAuthentication(AuthenticationType.NONE, "", "")
                .ignoreUnknownHeaders(true)
                .build();
        starting.start();
        while (!starting.getState().equals("STARTED")) {
            Thread.onSpinWait();
        }
        return starting;
    }

    Meddler meddler() {
        return meddler;
    }

    static BackupLocation location() {
        return BackupLocation.parse("s3://" + NAME + "/of/shop/");
    }

    BackupStore store() {
        return BackupStores.open(location(), Spec.Export.DEFAULT);
    }

    /** Below the location, such as those of a run. */
    List<Path> objects() throws IOException {
        try (var all = Files.walk(files.resolve(NAME).resolve("of/shop"))) {
            return all.filter(f -> f.toString().endsWith(".csv.zst")).sorted().toList();
        }
    }

    /** The text of all that is not before-images. */
    String texts() throws IOException {
        var texts = new StringBuilder();
        try (var all = Files.walk(files.resolve(NAME).resolve("of/shop"))) {
            for (Path file :
                    all.filter(f -> f.toString().matches(".*\\.(json|yaml)")).toList()) {
                texts.append(Files.readString(file));
            }
        }
        return texts.toString();
    }

    void kill() throws Exception {
        server.stop();
    }

    void restart() throws Exception {
        server = started(port);
    }

    @Override
    public void close() throws Exception {
        meddler.close();
        server.stop();
        for (String name : List.of("endpointUrl", "region", "accessKeyId", "secretAccessKey")) {
            System.clearProperty("aws." + name);
        }
        try (var all = Files.walk(files)) {
            for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
