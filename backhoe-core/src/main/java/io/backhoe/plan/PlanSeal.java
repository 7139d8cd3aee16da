package io.backhoe.plan;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;

/**
 * Four hex digits, the last of its CRC-32, for each value of a plan: each key, each entry of a list, each line of SQL, each
 * chunk. The hash says that a plan was edited; this says where. One edit in 65,536 has the digits of the original and is not
 * found here; the hash finds it.
 */
final class PlanSeal {
    private static final int DIGITS = 4;
    private static final int MOST_SHOWN = 10;
    private static final int LONGEST = 300;

    /** Gets the parts of a plan that have digits of their own, line by line. */
    private interface Parts {
        /**
         * @param key what stands in the file
         * @param part where in it, or nothing
         * @param below which of several facts of that part, or nothing
         */
        void line(String key, String part, String below, String text);
    }

    private PlanSeal() {}

    /** Key to digits, those of its parts in their order. */
    static Map<String, String> of(Plan plan) {
        var seal = new LinkedHashMap<String, StringBuilder>();
        var sum = new CRC32();
        var open = new String[] {"", ""};
        parts(plan, (key, part, below, text) -> {
            if (!open[0].isEmpty() && !(open[0].equals(key) && open[1].equals(part))) {
                seal.computeIfAbsent(open[0], k -> new StringBuilder()).append(digits(sum));
            }
            open[0] = key;
            open[1] = part;
            sum.update((below + ' ' + text + '\n').getBytes(StandardCharsets.UTF_8));
        });
        seal.computeIfAbsent(open[0], k -> new StringBuilder()).append(digits(sum));
        var texts = new LinkedHashMap<String, String>();
        seal.forEach((key, digits) -> texts.put(key, digits.toString()));
        return texts;
    }

    /** Of what was added since this was last asked. */
    private static String digits(CRC32 sum) {
        String digits = HexFormat.of().toHexDigits(sum.getValue(), DIGITS);
        sum.reset();
        return digits;
    }

    private static void parts(Plan plan, Parts into) {
        PlanLines.of(plan, (path, text) -> {
            int list = path.indexOf('[');
            if (list >= 0) {
                int end = path.indexOf(']') + 1;
                String below = path.substring(end);
                into.line(path.substring(0, list), path.substring(list, end), below, text);
            } else if (text.indexOf('\n') < 0) {
                into.line(path, "", "", text);
            } else {
                int line = 1;
                for (String each : text.split("\n", -1)) {
                    into.line(path, " line " + line++, "", each);
                }
            }
        });
    }

    /**
     * Where a plan is not what was sealed, a line a place: what it is called and what stands there now.
     *
     * @param seal as it stands in the file
     */
    static List<String> edits(Map<String, String> seal, Plan plan) {
        var lines = new ArrayList<String>();
        var changed = new LinkedHashMap<String, Set<Integer>>();
        Map<String, String> present = of(plan);
        var keys = new LinkedHashSet<>(seal.keySet());
        keys.addAll(present.keySet());
        for (String key : keys) {
            String was = seal.getOrDefault(key, "");
            String is = present.getOrDefault(key, "");
            if (is.isEmpty()) {
                lines.add(key + ": was taken out");
            } else if (!was.equals(is)) {
                if (was.length() != is.length() && !was.isEmpty()) {
                    lines.add(key + ": has " + is.length() / DIGITS + " parts and had " + was.length() / DIGITS);
                }
                changed.put(key, places(was, is));
            }
        }
        lines.addAll(shown(plan, changed));
        return lines;
    }

    /** Which parts of what is there are not what they were; of a list that grew or shrank those between its ends. */
    private static Set<Integer> places(String was, String is) {
        var places = new LinkedHashSet<Integer>();
        int parts = is.length() / DIGITS;
        int first = 0;
        int after = parts;
        if (was.length() != is.length()) {
            int common = Math.min(was.length(), is.length());
            while (first * DIGITS < common && same(was, first * DIGITS, is, first * DIGITS)) {
                first++;
            }
            int moved = was.length() - is.length();
            while (after > first
                    && (after - 1) * DIGITS + moved >= first * DIGITS
                    && same(was, (after - 1) * DIGITS + moved, is, (after - 1) * DIGITS)) {
                after--;
            }
        }
        for (int at = first; at < after; at++) {
            if (was.length() != is.length() || !same(was, at * DIGITS, is, at * DIGITS)) {
                places.add(at);
            }
        }
        return places;
    }

    private static boolean same(String was, int there, String is, int here) {
        return was.regionMatches(there, is, here, DIGITS);
    }

    private static List<String> shown(Plan plan, Map<String, Set<Integer>> changed) {
        var texts = new LinkedHashMap<String, StringBuilder>();
        var seen = new HashSet<String>();
        var at = new LinkedHashMap<String, Integer>();
        parts(plan, (key, part, below, text) -> {
            Set<Integer> places = changed.get(key);
            if (places == null) {
                return;
            }
            int place = seen.add(key + part) ? at.merge(key, 1, Integer::sum) - 1 : at.getOrDefault(key, 1) - 1;
            if (places.contains(place) && (texts.size() < MOST_SHOWN || texts.containsKey(key + part))) {
                var shown = texts.computeIfAbsent(key + part, k -> new StringBuilder());
                shown.append(shown.isEmpty() ? "" : ", ").append(below.isEmpty() ? "" : below.substring(1) + " ");
                shown.append(text.replaceAll("\\s+", " "));
            }
        });
        var lines = new ArrayList<String>();
        texts.forEach((name, text) -> lines.add(
                name + ": is now " + (text.length() > LONGEST ? text.substring(0, LONGEST) + "..." : text.toString())));
        int more = changed.values().stream().mapToInt(Set::size).sum() - texts.size();
        if (more > 0) {
            lines.add("and " + more + " more");
        }
        return lines;
    }
}
