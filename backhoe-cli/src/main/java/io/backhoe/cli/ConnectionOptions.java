package io.backhoe.cli;

import io.backhoe.postgres.PostgresDatabase;
import io.backhoe.spec.Secrets;
import io.backhoe.spec.Spec;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the database is: {@code --url}, else BACKHOE_URL, else what the file says, else the variables of libpq. */
final class ConnectionOptions {
    /** Any of these says where; a password alone does not. */
    private static final List<String> LIBPQ = List.of("PGHOST", "PGPORT", "PGDATABASE", "PGUSER");

    private static final String LIBPQ_ONLY = "postgresql:///";

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "The database: postgresql://user@host:port/database, or a JDBC URL. Else BACKHOE_URL, else "
                    + "the file's target, else PGHOST, PGUSER, PGDATABASE and so on. Passwords: PGPASSWORD or "
                    + "~/.pgpass.")
    private @Nullable String url;

    /** What stands above the file's target; null when nothing does. */
    @Nullable
    String url(Out out) {
        if (url != null) {
            warnOfSecret(out, url);
            return url;
        }
        String variable = out.terminal().env().getOrDefault("BACKHOE_URL", "");
        return variable.isEmpty() ? null : variable;
    }

    /** @param target of a spec or a plan, or null */
    Target target(Out out, Spec.@Nullable Target target) {
        Map<String, String> env = out.terminal().env();
        String above = url(out);
        if (above != null) {
            String flags = url == null ? "" : " --url " + HintUrl.of(above, null);
            return at(above, null, null, env, flags);
        }
        if (target != null && target.url() != null) {
            String flags = " --url " + HintUrl.of(target.url(), target.user());
            return at(target.url(), target.user(), target.password(), env, flags);
        }
        boolean partly = target != null && (target.user() != null || target.password() != null);
        if (!partly && LIBPQ.stream().noneMatch(env::containsKey)) {
            throw new BackhoeException(
                    ExitCode.USAGE,
                    "target_missing",
                    "Which database? Neither --url nor BACKHOE_URL nor any of " + String.join(", ", LIBPQ) + " says.",
                    "for example --url postgresql://app@localhost/shop, or export BACKHOE_URL once");
        }
        return at(
                LIBPQ_ONLY, target == null ? null : target.user(), target == null ? null : target.password(), env, "");
    }

    private static Target at(
            String url, @Nullable String user, @Nullable String password, Map<String, String> env, String flags) {
        var secrets = new Secrets(env);
        var database = PostgresDatabase.at(
                secrets.resolve(url),
                user == null ? null : secrets.resolve(user),
                password == null ? null : secrets.resolve(password),
                env);
        return new Target(database, flags);
    }

    static void warnOfSecret(Out out, String url) {
        if (!url.equals(withoutLiteralSecrets(url))) {
            out.warn("the password in --url can be read by everybody who lists processes; "
                    + "set PGPASSWORD or write it into ~/.pgpass instead");
        }
    }

    static String withoutLiteralSecrets(String url) {
        String safe = new Spec.Target(url, null, null).withoutLiteralSecrets().url();
        return safe == null ? "" : safe;
    }
}
