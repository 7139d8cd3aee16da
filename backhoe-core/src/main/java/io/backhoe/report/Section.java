package io.backhoe.report;

import java.util.List;

/** A part of a page, whatever the page is written in. Texts are plain: whoever writes them escapes them. */
record Section(String title, List<Block> blocks) {
    Section {
        blocks = List.copyOf(blocks);
    }

    /** A piece of a part. */
    sealed interface Block {}

    /** Labels, each with what is to be said of it. */
    record Facts(List<Fact> facts) implements Block {
        Facts {
            facts = List.copyOf(facts);
        }
    }

    record Fact(String label, String text) {}

    record Text(String text) implements Block {}

    /** Something to type. */
    record Command(String line) implements Block {}

    /** What is drawn with signs, line under line. */
    record Drawing(List<String> lines) implements Block {
        Drawing {
            lines = List.copyOf(lines);
        }
    }

    record Table(List<String> heads, List<List<String>> rows) implements Block {
        Table {
            heads = List.copyOf(heads);
            rows = List.copyOf(rows);
        }
    }
}
