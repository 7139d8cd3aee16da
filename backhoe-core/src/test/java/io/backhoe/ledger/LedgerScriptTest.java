package io.backhoe.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class LedgerScriptTest {
    private static final Path FOLDER = Path.of("src", "main", "resources", "io", "backhoe", "ledger", "migration");

    @Test
    void holdsEveryMigrationThereIs() throws IOException {
        try (var files = Files.list(FOLDER)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .as("LedgerScript.MIGRATIONS lists the files of %s in order", FOLDER)
                    .containsExactlyInAnyOrderElementsOf(LedgerScript.MIGRATIONS);
        }
        for (int i = 0; i < LedgerScript.MIGRATIONS.size(); i++) {
            assertThat(LedgerScript.MIGRATIONS.get(i)).startsWith("V" + (i + 1) + "__");
            assertThat(LedgerScript.of(i, "app"))
                    .contains(Files.readString(FOLDER.resolve(LedgerScript.MIGRATIONS.get(i)))
                            .strip())
                    .contains("'" + LedgerScript.MIGRATIONS.get(i) + "'");
        }
    }

    @Test
    void grantsTheRoleNoMoreThanItNeeds() {
        String script = LedgerScript.of(0, "back-fill");

        assertThat(script)
                .contains("GRANT USAGE, CREATE ON SCHEMA backhoe TO \"back-fill\";")
                .contains("GRANT SELECT ON backhoe.ledger_version TO \"back-fill\";")
                .contains("GRANT SELECT, INSERT ON backhoe.event, backhoe.check_result, backhoe.baseline,"
                        + " backhoe.exported TO")
                .contains("REVOKE UPDATE, DELETE, TRUNCATE ON backhoe.event, ")
                .contains("GRANT SELECT, INSERT, UPDATE ON backhoe.plan, backhoe.run, backhoe.chunk,")
                .doesNotContain("ALL TABLES");
        assertThat(script.lines().filter(l -> l.startsWith("GRANT")))
                .noneMatch(l -> l.contains("DELETE"))
                .noneMatch(l -> l.contains("UPDATE") && l.contains("backhoe.event"));
        assertThat(script.indexOf("BEGIN;")).isLessThan(script.indexOf("CREATE SCHEMA"));
        assertThat(script).endsWith("COMMIT;\n");
    }

    @Test
    void leavesTheGrantsAsACommentWhenNobodyIsNamed() {
        assertThat(LedgerScript.of(0, null).lines().filter(line -> line.contains("ROLE_NAME")))
                .hasSize(6)
                .allMatch(line -> line.startsWith("-- "));
    }

    @Test
    void isNothingButGrantsWhereTheLedgerIsCurrent() {
        assertThat(LedgerScript.of(LedgerSchema.VERSION, "app")).doesNotContain("CREATE TABLE", "INSERT INTO");
        assertThatThrownBy(() -> LedgerScript.of(LedgerSchema.VERSION + 1, "app"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
