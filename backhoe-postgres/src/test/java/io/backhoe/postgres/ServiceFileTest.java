package io.backhoe.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.backhoe.value.BackhoeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServiceFileTest {
    @TempDir
    private Path folder = Path.of("");

    private static ConnectionUrl shop(Map<String, String> environment) {
        return ConnectionUrl.parse("postgresql:///?service=shop", environment);
    }

    private static BackhoeException refusal(Map<String, String> environment) {
        return catchThrowableOfType(BackhoeException.class, () -> shop(environment));
    }

    @Test
    void isLookedForInTheHomeFolderAndThenInThatOfTheSystem() throws IOException {
        Path system = Files.createDirectory(folder.resolve("etc"));
        var environment = Map.of("HOME", folder.toString(), "PGSYSCONFDIR", system.toString());
        assertThat(refusal(environment).code()).isEqualTo("service_not_found");

        Files.writeString(system.resolve("pg_service.conf"), "[shop]\nhost=far\nport=6543\n");
        assertThat(shop(environment).hosts()).containsExactly("far:6543");

        Files.writeString(folder.resolve(".pg_service.conf"), "[other]\nhost=x\n");
        assertThat(shop(environment).hosts()).containsExactly("far:6543");

        Files.writeString(
                folder.resolve(".pg_service.conf"), "  [shop]  \n  host=near  \nhost=second\n[shop]\nport=1\n");
        assertThat(shop(environment).hosts()).containsExactly("near:5432");
    }

    @Test
    void anUnknownServiceIsNotFoundAndTheFilesAreNamed() throws IOException {
        var nowhere = refusal(Map.of("HOME", folder.toString()));
        assertThat(nowhere).hasMessageContaining(folder.resolve(".pg_service.conf") + ", which is not there");

        Path file = folder.resolve("mine");
        var named = Map.of("PGSERVICEFILE", file.toString());
        assertThat(refusal(named).code()).isEqualTo("service_file_invalid");

        Files.writeString(file, "[shops]\nhost=x\n");
        assertThat(refusal(named)).hasMessageContaining("There is no service 'shop' (the URL) in " + file);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "host|not name=value",
                "host = x|not the name of a setting; write no space before the equals sign",
                "service=other|a service cannot name another one",
                "ldap://directory/x|LDAP is not asked here",
            })
    void aBrokenLineIsNamedByItsNumberAndNotRepeated(String line, String why) throws IOException {
        Path file = folder.resolve("mine");
        Files.writeString(file, "[shop]\npassword=geheim\n" + line + "\n");

        var refusal = refusal(Map.of("PGSERVICEFILE", file.toString()));

        assertThat(refusal.code()).isEqualTo("service_file_invalid");
        assertThat(refusal).hasMessageContaining(file + ":3: " + why).hasMessageNotContaining("geheim");
    }

    @Test
    void aSettingThatIsNotSupportedIsRefusedByName() throws IOException {
        Path file = folder.resolve("mine");
        Files.writeString(file, "[shop]\nsslcrl=/crl\n");

        assertThat(refusal(Map.of("PGSERVICEFILE", file.toString())))
                .hasMessageContaining("sslcrl (service shop in " + file + ")");
    }
}
