package io.backhoe.cli;

import java.util.ArrayList;
import java.util.List;

/**
 * Text on lines of a screen of some width, without what would move its cursor.
 *
 * @param dots stand where something is left out
 */
record Folded(int width, String dots) {
    /** On a narrower screen nothing is folded: it would hold a word a line. */
    private static final int NARROW = 30;

    String clean(String text) {
        int[] points =
                text.codePoints().map(c -> Character.isISOControl(c) ? ' ' : c).toArray();
        return new String(points, 0, points.length);
    }

    /** As much as a line holds. */
    String clipped(String text) {
        return Columns.clipped(clean(text), width, width > 3 ? dots : "");
    }

    /**
     * Folded between words, onto so many lines at most; the last is clipped.
     *
     * @param indent of the second and the following
     */
    List<String> lines(String text, int indent, int most) {
        var lines = new ArrayList<String>();
        String rest = clean(text);
        while (Columns.of(rest) > width && width >= NARROW && lines.size() < most - 1) {
            String fits = Columns.clipped(rest, width + 1, "");
            int end = fits.lastIndexOf(' ');
            if (end <= indent) {
                break;
            }
            lines.add(rest.substring(0, end).stripTrailing());
            rest = " ".repeat(indent) + rest.substring(end).stripLeading();
        }
        lines.add(clipped(rest));
        return lines;
    }
}
