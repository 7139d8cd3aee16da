package io.backhoe.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.backhoe.value.BackhoeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TargetsFileTest {
    @TempDir
    private Path folder = Path.of("");

    private Path write(String name, String text, String mode) throws IOException {
        Path file = folder.resolve(name);
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
        return file;
    }

    private Path write(String text) throws IOException {
        return write("targets.yaml", text, "rw-r--r--");
    }

    @Test
    void holdsTargetsByNameAndTheOneThatIsMeantWhenNoneIsNamed() throws IOException {
        var file = TargetsFile.read(write("""
                targets:
                  shop: { url: "postgresql://app@db/shop", password: "${env:SHOP_PASSWORD}" }
                  shop-staging: { url: "postgresql://${env:STAGING}/shop", user: app }
                default: shop
                """));

        assertThat(file.targets())
                .containsOnlyKeys("shop", "shop-staging")
                .containsEntry("shop", new Spec.Target("postgresql://app@db/shop", null, "${env:SHOP_PASSWORD}"));
        assertThat(file.standard()).isEqualTo("shop");
    }

    @Test
    void tellsEveryProblemAtOnceWithItsPlace() throws IOException {
        Path file = write("""
                targets:
                  shop: { urll: "postgresql://app:hunter2@db/shop" }
                  "two words": { url: "postgresql://db/x" }
                  empty:
                  listed: [a]
                default: shopp
                defualt: x
                """);

        var invalid = catchThrowableOfType(InvalidSpec.class, () -> TargetsFile.read(file));

        assertThat(invalid.code()).isEqualTo("targets_invalid");
        assertThat(invalid.getMessage().lines().map(line -> line.replace(file + ":", "")))
                .containsExactly(
                        "2:9: targets.shop.url: is required",
                        "2:11: targets.shop.urll: unknown key (did you mean 'url'?)",
                        "3:16: targets.two words: the name of a target is letters, digits, dot, underscore and hyphen,"
                                + " at most 100",
                        "4:9: targets.empty: is empty; write { url: \"postgresql://user@host:5432/database\" }",
                        "5:11: targets.listed: is a list, expected keys and values",
                        "6:10: default: there is no target 'shopp' in this file (did you mean 'shop'?)",
                        "7:1: defualt: unknown key (did you mean 'default'?)");
        assertThat(invalid).hasMessageNotContaining("hunter2");
    }

    @Test
    void aPasswordInClearIsRefusedWhereOthersMayReadTheFile() throws IOException {
        String text = """
                targets: { a: { url: "postgresql://db/x", password: hunter2 },
                           b: { url: "postgresql://app:hunter2@db/x" } }
                """;

        for (String mode : List.of("rw-r--r--", "rw-r-----", "rw--w----", "rw----r--")) {
            Path file = write("open.yaml", text, mode);
            assertThat(TargetsFile.read(file).refused().values())
                    .satisfiesExactly(
                            a -> assertThat(a).contains("targets.a.password"),
                            b -> assertThat(b).contains("targets.b.url"))
                    .allSatisfy(why -> assertThat(why)
                            .contains("others may open this file (" + mode + ")")
                            .doesNotContain("hunter2"));
            var refused = catchThrowableOfType(BackhoeException.class, () -> new Targets(List.of(file)).named("a"));
            assertThat(refused.code()).isEqualTo("targets_invalid");
            assertThat(refused.hint()).contains("chmod 600 " + file);
        }
        var read = TargetsFile.read(write("closed.yaml", text, "rw-------"));
        assertThat(Objects.requireNonNull(read.targets().get("a")).password()).isEqualTo("hunter2");
        assertThat(read.toString()).doesNotContain("hunter2");
    }

    @Test
    void aPasswordInClearHindersNoOtherTarget() throws IOException {
        Path file = write("mixed.yaml", """
                targets: { a: { url: "postgresql://db/x", password: hunter2 }, b: { url: "postgresql://db/y" } }
                default: b
                """, "rw-r--r--");

        var found = new Targets(List.of(file)).named("b");

        assertThat(found.target().url()).isEqualTo("postgresql://db/y");
        assertThat(found.warnings()).singleElement().asString().contains("targets.a.password", "is refused");
        assertThat(Objects.requireNonNull(new Targets(List.of(file)).standard()).name())
                .isEqualTo("b");
    }

    @Test
    void theNearestFileThatHasTheNameIsTaken() throws IOException {
        Path near = write("near.yaml", "targets: { shop: { url: \"postgresql://near/x\" } }", "rw-r--r--");
        Path far = write(
                "far.yaml",
                "targets: { shop: { url: \"postgresql://far/x\" }, bank: { url: \"postgresql://bank/x\" } }\ndefault: shop",
                "rw-r--r--");
        var targets = new Targets(List.of(near, folder.resolve("none.yaml"), far));

        assertThat(targets.named("shop").file()).isEqualTo(near);
        assertThat(targets.named("bank").file()).isEqualTo(far);
        assertThat(Objects.requireNonNull(targets.standard()).target().url()).isEqualTo("postgresql://far/x");
        assertThat(new Targets(List.of(near)).standard()).isNull();

        var unknown = catchThrowableOfType(BackhoeException.class, () -> targets.named("shpo"));
        assertThat(unknown.code()).isEqualTo("target_unknown");
        assertThat(unknown)
                .hasMessage("There is no target 'shpo'. Looked in " + near + " (shop), " + folder.resolve("none.yaml")
                        + " (not there), " + far + " (shop, bank).");
        assertThat(unknown.hint()).isEqualTo("did you mean --target shop?");
    }

    @Test
    void whatIsNoYamlIsToldWithoutRepeatingIt() throws IOException {
        Path file = write("targets: { a: { password: \"hunter2 }");

        assertThat(catchThrowableOfType(InvalidSpec.class, () -> TargetsFile.read(file)))
                .hasMessageContaining("not YAML")
                .hasMessageNotContaining("hunter2");
        assertThat(catchThrowableOfType(InvalidSpec.class, () -> TargetsFile.read(write(""))))
                .hasMessageContaining("the file is empty; it holds the key targets");
    }

    @Test
    void aSpecMayNameATarget() {
        var read = SpecFile.read(Refused.VALID + "  target: shop\n", "x.yaml", SpecOverrides.NONE);

        assertThat(read.spec().target()).isEqualTo(Spec.Target.named("shop"));
        assertThat(read.warnings()).isEmpty();
        assertThat(Refused.messages("  target: \"the shop\""))
                .containsExactly("target: is not the name of a target: letters, digits, dot, underscore and hyphen, at"
                        + " most 100");
    }
}
