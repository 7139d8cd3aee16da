package io.backhoe.spec;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LiteralSecretTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "postgresql://app:pw@db/shop                    | postgresql://app@db/shop",
                "postgresql://app:p@w:x?y#z@db:5432/shop        | postgresql://app@db:5432/shop",
                "postgresql://app:pw@db                         | postgresql://app@db",
                "postgresql://:pw@db/shop                       | postgresql://@db/shop",
                "postgresql://app:pre${env:A}@db/shop           | postgresql://app@db/shop",
                "postgresql://app:$${env:A}@db/shop             | postgresql://app@db/shop",
                "postgresql://a:pw@h1:1,h2:2/shop?x=y           | postgresql://a@h1:1,h2:2/shop?x=y",
                "jdbc:postgresql://db/shop?user=a&password=pw   | jdbc:postgresql://db/shop?user=a",
                "jdbc:postgresql://db/shop?password=pw&ssl=true | jdbc:postgresql://db/shop?ssl=true",
                "jdbc:postgresql://db/shop?a=b&PASSWORD=pw&c=d  | jdbc:postgresql://db/shop?a=b&c=d",
                "postgresql://db/shop?password=pw&sslpassword=x | postgresql://db/shop",
                "postgresql://db/shop?password=pw               | postgresql://db/shop",
                "host=db password='a b\\'c' user=x              | host=db user=x",
                "password=pw host=db                            | host=db",
            })
    void takesPasswordsOutOfUrls(String url, String stripped) {
        assertThat(LiteralSecret.strip(url)).isEqualTo(stripped);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "postgresql://app@db:5432/shop?sslmode=require",
                "postgresql://db:5432/shop?user=a@b",
                "postgresql://app:${env:PW}@db/shop",
                "postgresql://app:${file:/run/secrets/a@b}@db:5432/shop",
                "jdbc:postgresql://db/shop?password=${env:PW}&user=${env:U}",
                "${env:DATABASE_URL}",
                "host=db user=x password=${env:PW}",
                "postgresql:///shop?host=/var/run/postgresql&passfile=/home/x/.pgpass",
            })
    void leavesUrlsWithoutPasswordsAndReferencesAlone(String url) {
        assertThat(LiteralSecret.strip(url)).isEqualTo(url);
    }

    @Test
    void takesReferencesOutToTellTargetsApart() {
        assertThat(LiteralSecret.stripAll("postgresql://app:${env:PW}@db/shop")).isEqualTo("postgresql://app@db/shop");
        assertThat(LiteralSecret.stripAll("postgresql://db/shop?password=${env:PW}&a=b"))
                .isEqualTo("postgresql://db/shop?a=b");
        assertThat(LiteralSecret.stripAll("${env:DATABASE_URL}")).isEqualTo("${env:DATABASE_URL}");
    }

    @Test
    void keepsAPasswordOnlyWhenItIsAReference() {
        assertThat(new Spec.Target("u", null, "pw").withoutLiteralSecrets())
                .isEqualTo(new Spec.Target("u", null, null));
        assertThat(new Spec.Target("u", null, "x${env:A}")
                        .withoutLiteralSecrets()
                        .password())
                .isNull();
        assertThat(new Spec.Target("u", null, "$${env:A}")
                        .withoutLiteralSecrets()
                        .password())
                .isNull();
        var reference = new Spec.Target("u", null, "${env:A}${file:B}");
        assertThat(reference.withoutLiteralSecrets()).isEqualTo(reference);
    }

    @Test
    void neverPrintsAPassword() {
        assertThat(new Spec.Target("postgresql://app:hunter2@db/shop", "app", "hunter2"))
                .hasToString("Target[url=postgresql://app@db/shop, user=app, password=...]");
        assertThat(new Spec.Target(null, null, "${env:A}")).asString().contains("password=${env:A}");
        assertThat(new Spec.Target(null, null, null)).asString().contains("password=null");
    }
}
