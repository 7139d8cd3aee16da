package io.backhoe.cli;

import org.jline.utils.WCWidth;

/** How many columns of a terminal a text takes: letters of East Asia take two, marks on letters none. */
final class Columns {
    private Columns() {}

    static int of(String text) {
        return text.codePoints().map(Columns::of).sum();
    }

    private static int of(int point) {
        return Math.max(0, WCWidth.wcwidth(point));
    }

    /** As much of the text as there is room for; {@code ending} stands where something is left out. */
    static String clipped(String text, int room, String ending) {
        if (of(text) <= room) {
            return text;
        }
        var kept = new StringBuilder();
        int left = room - of(ending);
        for (int point : text.codePoints().toArray()) {
            left -= of(point);
            if (left < 0) {
                break;
            }
            kept.appendCodePoint(point);
        }
        return kept.append(ending).toString();
    }

    /** With blanks behind it, up to a width. */
    static String padded(String text, int width) {
        return text + " ".repeat(Math.max(0, width - of(text)));
    }
}
