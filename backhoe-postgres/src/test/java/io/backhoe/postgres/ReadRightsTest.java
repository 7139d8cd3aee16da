package io.backhoe.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.backhoe.database.Session;
import io.backhoe.embedded.Version;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What somebody may not read is named, whatever stands in his way to it. */
class ReadRightsTest {
    @RegisterExtension
    static final Server SERVER = new Server(Version.CURRENT);

    private Session session;

    @BeforeAll
    static void aRoleThatMayLittle() {
        try (var owner = SERVER.database().open("owner", Map.of())) {
            for (String sql : List.of(
                    "CREATE ROLE reader_of_little",
                    "CREATE SCHEMA c",
                    "CREATE SCHEMA ref",
                    "CREATE SCHEMA \"Odd one\"",
                    "CREATE TABLE ref.rates (id integer)",
                    "CREATE TABLE \"Odd one\".rates (id integer)",
                    "CREATE SCHEMA open_one",
                    "CREATE TABLE open_one.customers (id integer)",
                    "GRANT USAGE ON SCHEMA open_one TO reader_of_little")) {
                owner.execute(sql);
            }
        }
    }

    @BeforeEach
    void begin() {
        session = SERVER.database().open("rights", Map.of());
        session.begin(Session.Isolation.READ_ONLY);
        session.execute("SET LOCAL ROLE reader_of_little");
    }

    @AfterEach
    void end() {
        session.rollback();
        session.close();
    }

    @Test
    void anAliasThatIsCalledAsASchemaIsIsNone() {
        assertThat(missing("SELECT c.id FROM open_one.customers c"))
                .containsExactly("GRANT SELECT ON open_one.customers TO reader_of_little;");
    }

    @Test
    void schemasAreFoundHoweverTheyAreWritten() {
        String ref = "GRANT USAGE ON SCHEMA ref TO reader_of_little;";

        assertThat(missing("SELECT id FROM ref.rates")).containsExactly(ref);
        assertThat(missing("SELECT id FROM REF . rates")).containsExactly(ref);
        assertThat(missing("SELECT id FROM \"ref\".rates")).containsExactly(ref);
        assertThat(missing("SELECT id FROM \"Odd one\".rates"))
                .containsExactly("GRANT USAGE ON SCHEMA \"Odd one\" TO reader_of_little;");
    }

    @Test
    void whatCannotBeNamedIsToldInTheServersWords() {
        assertThat(missing("SELECT id FROM U&\"r\\0065f\".rates"))
                .singleElement()
                .asString()
                .startsWith("Ask the owner for it: permission denied for schema ref");
    }

    @Test
    void whatMayBeReadIsReadAgainAndAgain() {
        session.execute("RESET ROLE");

        assertThat(missing("SELECT id FROM ref.rates")).isEmpty();
        assertThat(ReadRights.of(session, "SELECT id FROM ref.rates", ""))
                .extracting(Right::what)
                .containsExactly("SELECT ON ref.rates");
    }

    private List<String> missing(String select) {
        return ReadRights.missing(session, select, "");
    }
}
