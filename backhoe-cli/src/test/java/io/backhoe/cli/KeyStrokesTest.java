package io.backhoe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyStrokesTest {
    private static final String ESC = "\u001b";

    /** Arrows, F1, F5, shifted arrows, F1 on the console, keypad plus, Alt and p, Alt and an arrow. */
    @ParameterizedTest
    @ValueSource(strings = {"[A", "OA", "OP", "[15~", "[1;2C", "[[A", "Ok", "O5P", "p", ESC + "[A", "[200~"})
    void aKeyThatSendsSeveralCharactersIsOneStrokeAndNoCommand(String sequence) {
        assertThat(strokes(ESC + sequence + "x")).containsExactly(KeyStrokes.OTHER, (int) 'x');
    }

    @Test
    void escapeAloneIsAKey() {
        assertThat(strokes(ESC + "|q")).containsExactly(KeyStrokes.ESCAPE, (int) 'q');
        assertThat(strokes("p" + ESC)).containsExactly((int) 'p', KeyStrokes.ESCAPE);
    }

    @Test
    void whatIsCutOffEnds() {
        assertThat(strokes(ESC + "[1|q")).containsExactly(KeyStrokes.OTHER, (int) 'q');
    }

    /** At a bar nothing comes for as long as it is waited for. */
    private static List<Integer> strokes(String typed) {
        var characters = typed.chars().iterator();
        var strokes = new KeyStrokes(within -> {
            int next = characters.hasNext() ? characters.next() : KeyStrokes.OVER;
            return next == '|' ? KeyStrokes.NONE : next;
        });
        var read = new ArrayList<Integer>();
        for (int key = strokes.next(Duration.ZERO); key != KeyStrokes.OVER; key = strokes.next(Duration.ZERO)) {
            read.add(key);
        }
        return read;
    }
}
