package io.backhoe.spec;

import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.ParserException;
import org.snakeyaml.engine.v2.parser.Parser;

/** Refuses what is nested deeper than any spec: the composer and all that walks its nodes go down by recursion. */
final class ShallowParser implements Parser {
    private static final int DEEPEST = 100;

    /** What is refused is YAML all the same. */
    static final class TooDeep extends ParserException {
        private static final long serialVersionUID = 1L;

        TooDeep(Event at) {
            super("nested too deeply", at.getStartMark());
        }
    }

    private final Parser parser;
    private int depth;

    ShallowParser(Parser parser) {
        this.parser = parser;
    }

    @Override
    public boolean hasNext() {
        return parser.hasNext();
    }

    @Override
    public boolean checkEvent(Event.ID choice) {
        return parser.checkEvent(choice);
    }

    @Override
    public Event peekEvent() {
        return parser.peekEvent();
    }

    @Override
    public Event next() {
        Event event = parser.next();
        switch (event.getEventId()) {
            case SequenceStart, MappingStart -> {
                depth++;
                if (depth > DEEPEST) {
                    throw new TooDeep(event);
                }
            }
            case SequenceEnd, MappingEnd -> depth--;
            default -> {}
        }
        return event;
    }
}
