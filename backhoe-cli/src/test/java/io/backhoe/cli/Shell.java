package io.backhoe.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Types commands as a person or a script would, in this process. Immutable. */
record Shell(Map<String, String> env, String input, boolean interactive) {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(tools.jackson.databind.DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    static Shell script() {
        return new Shell(Map.of(), "", false);
    }

    Shell with(String variable, String value) {
        var more = new HashMap<>(env);
        more.put(variable, value);
        return new Shell(more, input, interactive);
    }

    Shell typing(String text) {
        return new Shell(env, text, interactive);
    }

    /** With a person at the terminal who answers this. */
    Shell person(String answer) {
        return new Shell(env, answer, true);
    }

    Result run(String... args) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var terminal = new Terminal(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                interactive,
                false,
                env);
        int exit = Main.run(terminal, args);
        return new Result(exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    record Result(int exit, String out, String err) {
        /** Fails unless stdout is one JSON document and nothing else. */
        JsonNode json() {
            return JSON.readTree(out);
        }

        JsonNode data() {
            return json().get("data");
        }

        String errorCode() {
            return json().get("error").get("code").asString();
        }

        String all() {
            return out + err;
        }
    }
}
