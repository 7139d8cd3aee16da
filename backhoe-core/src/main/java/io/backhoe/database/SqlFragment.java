package io.backhoe.database;

import io.backhoe.database.SqlLexer.Kind;
import io.backhoe.database.SqlLexer.Token;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** A piece of SQL that a person wrote to stand inside a statement of ours. */
public final class SqlFragment {
    private SqlFragment() {}

    /**
     * Why the text cannot stand inside parentheses of ours without reaching out of them; empty when it can. Whether it
     * is valid SQL, only the server knows.
     */
    public static Optional<String> problem(String text) {
        if (text.indexOf('\0') >= 0) {
            return Optional.of("has a NUL character, which no statement can hold");
        }
        List<Token> tokens = SqlLexer.tokens(text);
        if (tokens.stream().allMatch(t -> t.kind() == Kind.SPACE || t.kind() == Kind.COMMENT)) {
            return Optional.of("is empty");
        }
        if (text.contains(BatchSql.RUN)) {
            return Optional.of("holds " + BatchSql.RUN + ", which stands for the run's number");
        }
        if (text.contains(BatchSql.PARTITION)) {
            return Optional.of("holds " + BatchSql.PARTITION + ", which stands for the name of a partition");
        }
        return tokens.stream()
                .map(SqlFragment::problemOf)
                .flatMap(Optional::stream)
                .findFirst()
                .or(() -> imbalance(tokens));
    }

    private static Optional<String> problemOf(Token token) {
        return Optional.ofNullable(
                switch (token.kind()) {
                    case COMMENT -> token.closed() ? null : "has a comment that is not closed";
                    case QUOTED -> token.closed() ? null : "has a quote that is not closed: " + start(token.text());
                    case PARAMETER, POSITION -> "has a parameter, " + token.text() + ", which nothing gives a value";
                    case SYMBOL -> token.text().equals(";") ? "has a semicolon; it must be one piece of SQL" : null;
                    case SPACE, WORD -> null;
                });
    }

    private static Optional<String> imbalance(List<Token> tokens) {
        Deque<String> closers = new ArrayDeque<>();
        for (Token token : tokens) {
            String text = token.kind() == Kind.SYMBOL ? token.text() : "";
            if (text.equals("(")) {
                closers.push(")");
            } else if (text.equals("[")) {
                closers.push("]");
            } else if ((text.equals(")") || text.equals("]")) && !text.equals(closers.poll())) {
                return Optional.of("has a '" + text + "' that nothing opened");
            }
        }
        return Optional.ofNullable(closers.peek()).map(missing -> "lacks a '" + missing + "'");
    }

    private static String start(String text) {
        return text.length() <= 20 ? text : text.substring(0, 20) + "...";
    }
}
