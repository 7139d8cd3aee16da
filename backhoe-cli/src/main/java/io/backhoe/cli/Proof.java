package io.backhoe.cli;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One thing that the demo promised, looked up in the database.
 *
 * @param name a snake_case word
 * @param evidence what the database answered, for people
 */
record Proof(String name, boolean holds, String evidence) {
    Map<String, Object> data() {
        var data = new LinkedHashMap<String, Object>();
        data.put("name", name);
        data.put("holds", holds);
        data.put("evidence", evidence);
        return data;
    }

    String line(Out out) {
        return out.state(holds ? "proved" : "NOT proved") + ": " + evidence;
    }
}
