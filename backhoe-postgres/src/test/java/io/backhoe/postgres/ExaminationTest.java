package io.backhoe.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.backhoe.Backhoe;
import io.backhoe.assess.AssessOptions;
import io.backhoe.assess.Finding;
import io.backhoe.assess.Severity;
import io.backhoe.database.Session;
import io.backhoe.database.Session.Isolation;
import io.backhoe.embedded.PostgresServer;
import io.backhoe.embedded.Version;
import io.backhoe.ledger.LedgerSchema;
import io.backhoe.ledger.LedgerState;
import io.backhoe.postgres.Observation.Health;
import io.backhoe.spec.SpecFile;
import io.backhoe.spec.SpecOverrides;
import io.backhoe.value.TableName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ExaminationTest {
    private static final String FILL = """
            backfill:
              name: fill
              scope: { table: t }
              transform: { set: { v: "'x'" } }
              strategy: { chunk_by: key }
            """;

    private static List<Observation> examine(PostgresServer server) {
        var database = PostgresDatabase.at(server.url("postgres"), null, null, Map.of());
        try (Session session = database.open("backhoe/test", Map.of())) {
            session.begin(Isolation.READ_ONLY);
            var all = Examination.of(database, session, new TableName(null, "t"), Set.of("v"));
            assertThat(LedgerState.read(session).kind()).isEqualTo(LedgerState.Kind.CURRENT);
            session.commit();
            return all;
        }
    }

    @ParameterizedTest
    @EnumSource
    void looksAtThePrimaryAndAtAStandbyWithoutAnyStatementThatFails(Version version) throws IOException {
        try (var server = PostgresServer.start(version)) {
            var database = PostgresDatabase.at(server.url("postgres"), null, null, Map.of());
            try (Session session = database.open("backhoe/test", Map.of())) {
                session.execute("CREATE TABLE t (id bigint PRIMARY KEY, v text)");
                session.execute("ALTER SYSTEM SET archive_mode = 'always'");
            }
            new LedgerSchema(database).migrate();

            assertThat(examine(server))
                    .hasSizeGreaterThan(20)
                    .noneMatch(o -> o.health().prevents())
                    .allSatisfy(o -> assertThat(o.cure() == null).isEqualTo(o.health() == Health.OK));

            Path signal = server.dataDirectory().resolve("standby.signal");
            Files.createFile(signal);
            Files.setOwner(signal, Files.getOwner(server.dataDirectory()));
            server.restart();
            var standby = examine(server);

            assertThat(standby)
                    .filteredOn(o -> o.health().prevents())
                    .singleElement()
                    .satisfies(o -> {
                        assertThat(o.health()).isEqualTo(Health.REFUSED);
                        assertThat(o.value()).isEqualTo("standby");
                        assertThat(o.cure()).contains("target_session_attrs=primary");
                    });
            assertThat(standby)
                    .filteredOn(o -> o.name().equals("wal_archive"))
                    .singleElement()
                    .extracting(Observation::value)
                    .isEqualTo("seen");
        }
    }

    @Test
    void aPoolerInBetweenIsSeenAndRefused() throws IOException {
        try (var server = PostgresServer.start(Version.CURRENT);
                var pooler = new Pooler(server.port())) {
            String url =
                    "postgresql://postgres@127.0.0.1:" + pooler.port() + "/postgres?sslmode=disable&gssencmode=disable";
            var database = PostgresDatabase.at(url, null, null, Map.of());

            try (Session session = database.open("backhoe/test", Map.of())) {
                assertThat(Examination.of(database, session, null, Set.of()))
                        .filteredOn(o -> o.health().prevents())
                        .singleElement()
                        .satisfies(o -> {
                            assertThat(o.name()).isEqualTo("pooler");
                            assertThat(o.health()).isEqualTo(Health.REFUSED);
                        });
                session.execute("CREATE TABLE t (id bigint PRIMARY KEY, v text)");
            }
            var spec = SpecFile.read(FILL, "test.yaml", SpecOverrides.NONE).spec();
            assertThat(new Backhoe(database)
                            .assess(spec, AssessOptions.BLOCKERS)
                            .of(Severity.BLOCKER))
                    .extracting(Finding::code)
                    .containsExactly("pooler_in_between");
            var straight = PostgresDatabase.at(server.url("postgres"), null, null, Map.of());
            assertThat(new Backhoe(straight)
                            .assess(spec, AssessOptions.BLOCKERS)
                            .of(Severity.BLOCKER))
                    .isEmpty();
        }
    }
}
