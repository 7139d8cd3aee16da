package io.backhoe.cli;

/** One command. What goes wrong may be thrown: {@link Main} answers for it. */
interface Verb {
    Answer answer(Out out) throws Exception;
}
