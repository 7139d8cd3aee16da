package io.backhoe.value;

import java.util.Set;
import java.util.regex.Pattern;

/** The one place that turns a name into SQL. Names are quoted only where they must be, so that plans stay readable. */
public final class SqlName {
    private static final Pattern PLAIN = Pattern.compile("[a-z_][a-z0-9_]*");

    /** What PostgreSQL 14 to 18 reserve, for columns or for functions and types (pg_get_keywords, catcode R and T). */
    private static final Set<String> RESERVED = Set.of(
            ("all analyse analyze and any array as asc asymmetric authorization binary both case cast check collate"
                            + " collation column concurrently constraint create cross current_catalog current_date"
                            + " current_role current_schema current_time current_timestamp current_user default"
                            + " deferrable desc distinct do else end except false fetch for foreign freeze from full"
                            + " grant group having ilike in initially inner intersect into is isnull join lateral"
                            + " leading left like limit localtime localtimestamp natural not notnull null offset on"
                            + " only or order outer overlaps placing primary references returning right select"
                            + " session_user similar some symmetric system_user table tablesample then to trailing true"
                            + " union unique user using variadic verbose when where window with"
                            // Not reserved, but not a column's name either where an expression may begin.
                            + " between bigint bit boolean char character coalesce dec decimal exists extract float"
                            + " greatest grouping inout int integer interval json json_array json_arrayagg json_exists"
                            + " json_object json_objectagg json_query json_scalar json_serialize json_table json_value"
                            + " least merge_action national nchar none normalize nullif numeric out overlay position"
                            + " precision real row setof smallint substring time timestamp treat trim values varchar"
                            + " xmlattributes xmlconcat xmlelement xmlexists xmlforest xmlnamespaces xmlparse xmlpi"
                            + " xmlroot xmlserialize xmltable")
                    .split(" "));

    private SqlName() {}

    public static String quote(String name) {
        return PLAIN.matcher(name).matches() && !RESERVED.contains(name) ? name : always(name);
    }

    /** Quoted, whether it must be or not. */
    public static String always(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /** With its schema, where that is known. */
    public static String quote(TableName table) {
        String schema = table.schema();
        return schema == null ? quote(table.name()) : quote(schema) + "." + quote(table.name());
    }
}
