package io.backhoe.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.backhoe.database.Session;
import io.backhoe.embedded.PostgresServer;
import io.backhoe.embedded.Version;
import io.backhoe.value.BackhoeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A server that speaks TLS with a certificate that it signed itself. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TlsTest {
    private static final PostgresServer SERVER = PostgresServer.start(Version.CURRENT);

    @TempDir
    private static Path folder = Path.of("");

    private String url = "";

    @BeforeAll
    void turnEncryptionOn() throws IOException, GeneralSecurityException, InterruptedException {
        url = SERVER.url("postgres");
        var plain = catchThrowableOfType(BackhoeException.class, () -> open("?sslmode=require"));
        assertThat(plain.code()).isEqualTo("login_failed");
        assertThat(plain.hint()).contains("sslmode is require");

        KeyStore store = selfSigned("server");
        write(SERVER.dataDirectory().resolve("server.crt"), certificate(store));
        write(SERVER.dataDirectory().resolve("server.key"), key(store));
        Files.writeString(folder.resolve("root.crt"), certificate(store));
        Files.writeString(folder.resolve("other.crt"), certificate(selfSigned("other")));
        try (Session session = open("")) {
            session.execute("ALTER SYSTEM SET ssl = on");
            session.query("SELECT pg_reload_conf()", Map.of());
        }
    }

    @AfterAll
    void stop() {
        SERVER.close();
    }

    private Session open(String parameters) {
        return PostgresDatabase.at(url + parameters, null, null, Map.of()).open("backhoe/test", Map.of());
    }

    private static KeyStore store(Path file) throws IOException, GeneralSecurityException {
        var store = KeyStore.getInstance("PKCS12");
        try (var in = Files.newInputStream(file)) {
            store.load(in, "changeit".toCharArray());
        }
        return store;
    }

    private static KeyStore selfSigned(String name) throws IOException, GeneralSecurityException, InterruptedException {
        Path file = folder.resolve(name + ".p12");
        int exit = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "it",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=" + name,
                        "-ext",
                        "san=ip:127.0.0.1",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        file.toString(),
                        "-storepass",
                        "changeit",
                        "-validity",
                        "3650")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
        assertThat(exit).isZero();
        return store(file);
    }

    private static String certificate(KeyStore store) throws GeneralSecurityException {
        return pem("CERTIFICATE", store.getCertificate("it").getEncoded());
    }

    private static String key(KeyStore store) throws GeneralSecurityException {
        return pem("PRIVATE KEY", store.getKey("it", "changeit".toCharArray()).getEncoded());
    }

    private static String pem(String kind, byte[] bytes) {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
        return "-----BEGIN " + kind + "-----\n" + text + "\n-----END " + kind + "-----\n";
    }

    /** As the server wants it: owned by its user, and closed to others. */
    private static void write(Path file, String text) throws IOException {
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        Files.setOwner(file, Files.getOwner(SERVER.dataDirectory()));
    }

    @Test
    void theCertificateIsVerifiedAgainstTheFileThatIsNamed() {
        String right = "?sslmode=verify-full&sslrootcert=" + folder.resolve("root.crt");
        var database = PostgresDatabase.at(url + right, null, null, Map.of());

        try (Session session = database.open("backhoe/test", Map.of())) {
            assertThat(Examination.of(database, session, null, Set.of()))
                    .filteredOn(o -> o.name().equals("encryption"))
                    .singleElement()
                    .satisfies(o -> {
                        assertThat(o.health()).isEqualTo(Observation.Health.OK);
                        assertThat(o.value()).startsWith("TLSv1.");
                    });
        }
    }

    @Test
    void theVariablesOfLibpqDoTheSame() {
        var environment = Map.of(
                "PGSSLMODE",
                "verify-full",
                "PGSSLROOTCERT",
                folder.resolve("other.crt").toString());
        var refusal = catchThrowableOfType(
                BackhoeException.class,
                () -> PostgresDatabase.at(url, null, null, environment).open("backhoe/test", Map.of()));

        assertThat(refusal.code()).isEqualTo("tls_failed");
        assertThat(refusal.hint()).contains("sslrootcert");

        String nowhere = "?sslmode=verify-ca&sslrootcert=" + folder.resolve("nowhere.crt");
        assertThat(catchThrowableOfType(BackhoeException.class, () -> open(nowhere))
                        .code())
                .isEqualTo("tls_failed");
    }
}
