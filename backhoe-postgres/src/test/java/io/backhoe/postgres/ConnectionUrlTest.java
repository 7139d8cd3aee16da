package io.backhoe.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backhoe.value.BackhoeException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectionUrlTest {
    private static ConnectionUrl parse(String url) {
        return ConnectionUrl.parse(url, Map.of());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "postgresql://ada@db.example.org:5433/shop jdbc:postgresql://db.example.org:5433/shop ada",
                "postgres://ada@db/shop jdbc:postgresql://db:5432/shop ada",
                "postgresql://ada@/shop jdbc:postgresql://localhost:5432/shop ada",
                "postgresql://ada@h1,h2:5433/shop jdbc:postgresql://h1:5432,h2:5433/shop ada",
                "postgresql://ada@[::1]:5433/shop jdbc:postgresql://[::1]:5433/shop ada",
                "postgresql://ada@[2001:db8::1]/shop jdbc:postgresql://[2001:db8::1]:5432/shop ada",
                "postgresql://a%40da:p%3Aw@db/my%20shop%2F1 jdbc:postgresql://db:5432/my%20shop%2F1 a@da",
                "postgresql:///shop?host=h1,h2&port=1,2&user=ada jdbc:postgresql://h1:1,h2:2/shop ada",
                "postgresql://ada@db jdbc:postgresql://db:5432/ada ada",
                "jdbc:postgresql://db:5433/shop?user=ada&password=pw jdbc:postgresql://db:5433/shop ada",
                "jdbc:postgresql://h1,h2:5433/shop?user=ada jdbc:postgresql://h1:5432,h2:5433/shop ada",
            })
    void understandsTheUrlsOfLibpqAndOfJdbc(String url, String jdbc, String user) {
        assertThat(parse(url).jdbcUrl()).isEqualTo(jdbc);
        assertThat(parse(url).properties()).containsEntry("user", user);
    }

    @Test
    void fillsMissingPartsFromTheVariablesOfLibpqOnly() {
        var environment = Map.of(
                "PGHOST",
                "envhost",
                "PGPORT",
                "6000",
                "PGUSER",
                "envuser",
                "PGPASSWORD",
                "envpw",
                "PGDATABASE",
                "envdb",
                "PGSSLMODE",
                "require",
                "DATABASE_URL",
                "postgresql://other/other");

        var empty = ConnectionUrl.parse("postgresql://", environment);
        assertThat(empty.jdbcUrl()).isEqualTo("jdbc:postgresql://envhost:6000/envdb");
        assertThat(empty.properties())
                .containsEntry("user", "envuser")
                .containsEntry("password", "envpw")
                .containsEntry("sslmode", "require");

        var full = ConnectionUrl.parse("postgresql://u:p@h:1/d?sslmode=disable", environment);
        assertThat(full.jdbcUrl()).isEqualTo("jdbc:postgresql://h:1/d");
        assertThat(full.properties())
                .containsEntry("user", "u")
                .containsEntry("password", "p")
                .containsEntry("sslmode", "disable");
    }

    @Test
    void passesParametersOnUnderTheDriversNames() {
        var properties = parse("postgresql://u@h/d?sslrootcert=%2Fca.pem&connect_timeout=3&options=-c%20x.y%3D1"
                        + "&target_session_attrs=read-write&application_name=mine")
                .properties();

        assertThat(properties)
                .containsEntry("sslrootcert", "/ca.pem")
                .containsEntry("connectTimeout", "3")
                .containsEntry("options", "-c x.y=1")
                .containsEntry("targetServerType", "primary")
                .doesNotContainKey("ApplicationName");
    }

    @Test
    void doesNotLetAUrlUndoWhatTextTransferHangsOn() {
        var url = parse("jdbc:postgresql://h/d?user=u&prepareThreshold=1&binaryTransfer=true&preferQueryMode=simple"
                + "&autosave=always&socketTimeout=5");

        assertThat(url.properties())
                .containsEntry("prepareThreshold", "0")
                .containsEntry("binaryTransfer", "false")
                .containsEntry("preferQueryMode", "extended")
                .containsEntry("autosave", "never")
                .containsEntry("socketTimeout", "5");
    }

    @Test
    void passesAnEmptyPasswordWhereThereIsNoneSoThatTheDriverDoesNotLookForOneItself() {
        assertThat(parse("postgresql://ada@db/shop").properties()).containsEntry("password", "");
        assertThat(parse("postgresql://ada:@db/shop").properties()).containsEntry("password", "");
    }

    @Test
    void neverPrintsThePassword() {
        var url = parse("postgresql://ada:geheim@db/shop?sslpassword=geheim");

        assertThat(url).hasToString("db:5432/shop as ada");
        assertThat(url.jdbcUrl()).doesNotContain("geheim");
        assertThat(url.sources()).doesNotContain("geheim");
        assertThat(url.place().toString()).doesNotContain("geheim");
    }

    @Test
    void aUserAndAPasswordGivenApartStandAboveThoseOfTheUrl() {
        var login = new Login("postgresql://ada:geheim@db/shop", "bob", "geheim2", "target shop in targets.yaml");
        var url = ConnectionUrl.parse(login, Map.of());

        assertThat(url.properties()).containsEntry("user", "bob").containsEntry("password", "geheim2");
        assertThat(login.toString() + url).doesNotContain("geheim");
    }

    @Test
    void saysWhoSaidWhat() {
        var environment = Map.of("PGPORT", "5433", "PGUSER", "ada", "PGPASSWORD", "geheim");

        assertThat(ConnectionUrl.parse(new Login("postgresql://db/shop", null, null, "--url"), environment)
                        .sources())
                .isEqualTo("host, database from --url; port from PGPORT; user from PGUSER; password from PGPASSWORD");
        assertThat(ConnectionUrl.parse("postgresql://", Map.of("HOME", "/nowhere"))
                        .sources())
                .isEqualTo("host, port by default; database as the user; user from the operating system;"
                        + " no password, and /nowhere/.pgpass is not there");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "sslcrl=/crl sslcrl",
                "hostaddr=127.0.0.1 hostaddr",
                "keepalives=0 keepalives",
                "keepalives_idle=5 keepalives_idle",
                "ssl_min_protocol_version=TLSv1.3 ssl_min_protocol_version",
                "sslrootcert=system sslrootcert=system",
                "sslmode=verify sslmode",
                "connect_timeout=soon connect_timeout",
                "load_balance_hosts=yes load_balance_hosts",
                "sslmod=require sslmode?",
            })
    void refusesByNameWhatIsNotSupported(String parameter, String named) {
        assertThatThrownBy(() -> parse("postgresql://ada:geheim@db/shop?" + parameter))
                .isInstanceOfSatisfying(BackhoeException.class, refusal -> {
                    assertThat(refusal.code()).isEqualTo("connection_setting_refused");
                    assertThat(refusal.getMessage() + refusal.hint())
                            .contains(named)
                            .doesNotContain("geheim");
                });
    }

    @Test
    void refusesAVariableOfLibpqThatAsksForMoreThanIsDone() {
        assertThatThrownBy(() -> ConnectionUrl.parse("postgresql://db/shop", Map.of("PGSSLCRL", "/crl")))
                .isInstanceOf(BackhoeException.class)
                .hasMessageContaining("sslcrl (PGSSLCRL) is a parameter of libpq that is not supported here");
    }

    @Test
    void takesWhatIsDoneAnyway() {
        assertThat(parse("postgresql://ada@db/shop?keepalives=1&client_encoding=UTF8&fallback_application_name=x"
                                + "&ssl=true&load_balance_hosts=random&connect_timeout=0")
                        .parameters())
                .containsOnly(
                        Map.entry("sslmode", "require"),
                        Map.entry("loadBalanceHosts", "true"),
                        Map.entry("connectTimeout", "0"));
    }

    @Test
    void refusesAPropertyThatTheDriverDoesNotKnow() {
        assertThatThrownBy(() -> parse("jdbc:postgresql://db/shop?user=u&sslmod=require"))
                .isInstanceOf(BackhoeException.class)
                .hasMessageContaining("'sslmod' is no property of the JDBC driver");
    }

    @Test
    void matchesPortsToHostsAsLibpqDoes() {
        assertThat(parse("postgresql://u@h1,h2/d?port=6000").hosts()).containsExactly("h1:6000", "h2:6000");
        assertThat(ConnectionUrl.parse("postgresql:///d", Map.of("PGHOST", "h1,h2", "PGPORT", "1,2"))
                        .hosts())
                .containsExactly("h1:1", "h2:2");
        assertThat(ConnectionUrl.parse("postgresql:///d", Map.of("PGHOST", "::1"))
                        .hosts())
                .containsExactly("[::1]:5432");
        assertThatThrownBy(() -> parse("postgresql://u@h1,h2,h3/d?port=1,2"))
                .isInstanceOf(BackhoeException.class)
                .hasMessageContaining("3 hosts and 2 ports");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mysql://ada:geheim@db/shop",
                "db/shop?geheim",
                "postgresql://ada:geheim/x@db/shop",
                "postgresql://ada:geheim%@db/shop",
                "postgresql://ada:geheim@db:54x2/shop",
                "postgresql://ada:geheim@db:99999/shop",
                "postgresql://ada:geheim@db:0/shop",
                "jdbc:postgresql://ada:geheim@db:99999/shop",
                "postgresql://ada:geheim@%2Fvar%2Frun%2Fpostgresql/shop",
                "postgresql://ada:geheim@/shop?host=/var/run/postgresql",
                "jdbc:postgresql://ada:geheim@db:x/shop",
            })
    void refusesWhatItDoesNotUnderstandWithoutRepeatingIt(String url) {
        assertThatThrownBy(() -> parse(url)).isInstanceOfSatisfying(BackhoeException.class, refusal -> {
            assertThat(refusal.code()).isEqualTo("url_invalid");
            assertThat(refusal.getMessage()).doesNotContain("geheim");
            assertThat(refusal.hint()).contains("postgresql://");
        });
    }
}
