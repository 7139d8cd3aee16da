package io.backhoe.cli;

import io.backhoe.postgres.Login;
import io.backhoe.postgres.PostgresDatabase;
import io.backhoe.spec.Secrets;
import io.backhoe.spec.Spec;
import io.backhoe.spec.Targets;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/**
 * Where the database is: {@code --url} or {@code --target}, else BACKHOE_URL, else what the file says, else the
 * variables of libpq, else the default of the nearest {@code targets.yaml}.
 */
final class ConnectionOptions {
    /** Any of these says where; a password alone does not. */
    private static final List<String> LIBPQ = List.of("PGSERVICE", "PGHOST", "PGPORT", "PGDATABASE", "PGUSER");

    private static final String LIBPQ_ONLY = "postgresql:///";

    @picocli.CommandLine.Spec(picocli.CommandLine.Spec.Target.MIXEE)
    private CommandSpec command = CommandSpec.create();

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "The database: postgresql://user@host:port/database, or a JDBC URL. Else --target, else "
                    + "BACKHOE_URL, else the file's target, else PGSERVICE, PGHOST, PGUSER, PGDATABASE and so on, else "
                    + "the default of targets.yaml. Passwords: PGPASSWORD or ~/.pgpass.")
    private @Nullable String url;

    @Option(
            names = "--target",
            paramLabel = "NAME",
            description = "The database that a targets.yaml has under this name.")
    private @Nullable String name;

    @Option(
            names = "--targets",
            paramLabel = "FILE",
            description = "That file. Default: targets.yaml beside the spec or plan, else in this folder; then "
                    + "~/.config/backhoe/targets.yaml.")
    private @Nullable Path file;

    private volatile @Nullable Target made;

    /** The URL that stands above the file's target; null when none does. */
    @Nullable
    String url(Out out) {
        if (url != null) {
            if (name != null) {
                throw new ParameterException(command.commandLine(), "--url and --target both say which database");
            }
            warnOfSecret(out, url);
            return url;
        }
        String variable = out.terminal().env().getOrDefault("BACKHOE_URL", "");
        return variable.isEmpty() || name != null ? null : variable;
    }

    /** For a verb that is given no file. */
    Target target(Out out) {
        return target(out, null, Path.of(""));
    }

    /** Ends what is being done at the database, when there is one by now; from another thread. */
    void stop() {
        Target target = made;
        if (target != null) {
            target.database().stop();
        }
    }

    /**
     * @param written what a spec or a plan says, or null
     * @param folder where that file is
     */
    Target target(Out out, Spec.@Nullable Target written, Path folder) {
        Target target = found(out, written, folder);
        made = target;
        return target;
    }

    private Target found(Out out, Spec.@Nullable Target written, Path folder) {
        Map<String, String> env = out.terminal().env();
        String above = url(out);
        if (above != null) {
            var there = new Spec.Target(above, null, null);
            if (url == null && written != null && !written.withoutSecrets().equals(there.withoutSecrets())) {
                out.warn("BACKHOE_URL takes the place of the target that the file names");
            }
            return at(there, url == null ? "BACKHOE_URL" : "--url", env, url == null ? "" : " --url " + hint(there));
        }
        var targets = new TargetPlaces(file, folder, env);
        if (name != null) {
            return at(warned(targets.all().named(name), out), targets, env, true);
        }
        if (written != null && written.name() != null) {
            return at(warned(targets.all().named(written.name()), out), targets, env, true);
        }
        if (written != null && written.url() != null) {
            return at(written, "the file's target", env, " --url " + hint(written));
        }
        boolean partly = written != null && (written.user() != null || written.password() != null);
        if (partly || LIBPQ.stream().anyMatch(env::containsKey)) {
            String user = written == null ? null : written.user();
            String password = written == null ? null : written.password();
            return at(new Spec.Target(LIBPQ_ONLY, user, password), "the file's target", env, "");
        }
        Targets.Found standard = targets.all().standard();
        if (standard == null) {
            throw missing(targets);
        }
        return at(warned(standard, out), targets, env, false);
    }

    private static BackhoeException missing(TargetPlaces targets) {
        return new BackhoeException(
                ExitCode.USAGE,
                "target_missing",
                "Which database? Neither --url nor --target nor BACKHOE_URL nor any of " + String.join(", ", LIBPQ)
                        + " says, and there is no default in " + targets.names() + ".",
                "for example --url postgresql://app@localhost/shop, or export BACKHOE_URL once; docs/connect.md has"
                        + " the rest");
    }

    private static Targets.Found warned(Targets.Found found, Out out) {
        found.warnings().forEach(out::warn);
        return found;
    }

    /** @param byName whether somebody or something named it */
    private static Target at(Targets.Found found, TargetPlaces targets, Map<String, String> env, boolean byName) {
        String flags = " --target " + found.name();
        if (!byName && targets.foundByDefault(found)) {
            flags = "";
        } else if (!targets.foundByName(found)) {
            flags += " --targets " + HintUrl.quoted(found.file().toString());
        }
        return at(found.target(), "target " + found.name() + " in " + found.file(), env, flags)
                .named(found.name());
    }

    private static Target at(Spec.Target there, String source, Map<String, String> env, String flags) {
        var secrets = new Secrets(env);
        String user = there.user();
        String password = there.password();
        var login = new Login(
                secrets.resolve(String.valueOf(there.url())),
                user == null ? null : secrets.resolve(user),
                password == null ? null : secrets.resolve(password),
                source);
        return new Target(PostgresDatabase.at(login, env), flags);
    }

    private static String hint(Spec.Target target) {
        return HintUrl.of(String.valueOf(target.url()), target.user());
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
