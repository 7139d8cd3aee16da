package io.backhoe.postgres;

import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.regex.Pattern;

/** The settings that every session pins, so that the same plan does the same wherever and by whomever it is run. */
final class SessionSettings {
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*(\\.[A-Za-z_][A-Za-z0-9_]*)?");

    private SessionSettings() {}

    private static Map<String, String> always(String applicationName) {
        var settings = new LinkedHashMap<String, String>();
        settings.put("application_name", applicationName);
        // An error where a policy would apply; otherwise it would silently leave out rows.
        settings.put("row_security", "off");
        settings.put("DateStyle", "ISO, YMD");
        settings.put("IntervalStyle", "postgres");
        settings.put("TimeZone", "UTC");
        settings.put("bytea_output", "hex");
        settings.put("extra_float_digits", "1");
        settings.put("standard_conforming_strings", "on");
        settings.put("quote_all_identifiers", "off");
        // The open ends of a key range are NULL: only a plan made for these values sees that they are no condition.
        settings.put("plan_cache_mode", "force_custom_plan");
        settings.put("jit", "off");
        settings.put("client_min_messages", "warning");
        settings.put("default_transaction_isolation", "read committed");
        return settings;
    }

    /** What {@link #pin} sets. */
    static Set<String> names(Map<String, String> more) {
        var names = new LinkedHashSet<>(always("").keySet());
        names.addAll(more.keySet());
        return names;
    }

    /** A statement, and the values of its parameters. */
    record Bound(String sql, Map<String, String> values) {}

    static Bound pin(String applicationName, Map<String, String> more) {
        var settings = always(applicationName);
        settings.putAll(more);
        return set(settings);
    }

    static Bound set(Map<String, String> settings) {
        var sql = new StringJoiner(", ", "SELECT ", "");
        var values = new HashMap<String, String>();
        settings.forEach((name, value) -> {
            if (!NAME.matcher(name).matches()) {
                throw new BackhoeException(
                        ExitCode.USAGE,
                        "setting_invalid",
                        "'" + name + "' is not the name of a server setting",
                        "names are letters, digits and underscores: lock_timeout");
            }
            String parameter = "value_" + values.size();
            sql.add("set_config('" + name + "', :" + parameter + ", false)");
            values.put(parameter, value);
        });
        return new Bound(sql.toString(), values);
    }
}
