package io.backhoe.assess;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One thing that assessing a live table showed.
 *
 * @param code a stable snake_case word; {@code docs/assess.md} lists them
 * @param what in one or two sentences, for people
 * @param evidence the numbers and names behind it, in order: texts, longs, doubles, booleans, lists of texts
 * @param sql a query that shows it, with its values filled in; null where there is none
 * @param remedy what to do, or null where nothing has to be done
 */
public record Finding(
        String code,
        Severity severity,
        String what,
        Map<String, Object> evidence,
        @Nullable String sql,
        @Nullable String remedy) {
    /** The code of what could not be answered. */
    public static final String COULD_NOT_TELL = "could_not_tell";

    private static final String MAY_BLOCK = "may_block";
    private static final String NOT_ASKED = "not_asked";

    public Finding {
        evidence = Collections.unmodifiableMap(new LinkedHashMap<>(evidence));
    }

    static Finding blocker(String code, String what) {
        return new Finding(code, Severity.BLOCKER, what, Map.of(), null, null);
    }

    static Finding warning(String code, String what) {
        return new Finding(code, Severity.WARNING, what, Map.of(), null, null);
    }

    static Finding info(String code, String what) {
        return new Finding(code, Severity.INFO, what, Map.of(), null, null);
    }

    static Finding couldNotTell(String question, String why) {
        return warning(COULD_NOT_TELL, "Could not tell " + question + ": " + why)
                .with("question", question);
    }

    /** Of a question that was not asked at all. */
    static Finding noTimeFor(String question) {
        return couldNotTell(question, "there was no time left for it.").with(NOT_ASKED, true);
    }

    /** Whether there was no time left for a question, so that it was not asked. */
    public boolean notAsked() {
        return evidence.containsKey(NOT_ASKED);
    }

    /** Marks what could not be told, where the answer might have been a blocker. */
    Finding leavingOpenABlocker() {
        return code.equals(COULD_NOT_TELL) ? with(MAY_BLOCK, true) : this;
    }

    boolean leavesOpenABlocker() {
        return evidence.containsKey(MAY_BLOCK);
    }

    Finding with(String name, Object value) {
        var more = new LinkedHashMap<>(evidence);
        more.put(name, value);
        return new Finding(code, severity, what, more, sql, remedy);
    }

    Finding shownBy(String query) {
        return new Finding(code, severity, what, evidence, query, remedy);
    }

    Finding remedy(@Nullable String whatToDo) {
        return new Finding(code, severity, what, evidence, sql, whatToDo);
    }
}
