package io.backhoe.database;

import io.backhoe.database.SqlLexer.Kind;
import io.backhoe.database.SqlLexer.Token;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Statements that begin or end a transaction. */
public final class TransactionWords {
    private static final Set<String> WORDS =
            Set.of("begin", "start", "commit", "end", "rollback", "abort", "prepare transaction");

    private TransactionWords() {}

    /**
     * The first word of the first statement in the text that begins or ends a transaction; going back to a savepoint does
     * not.
     */
    public static Optional<String> in(String sql) {
        var statement = new StringBuilder();
        for (Token token : SqlLexer.tokens(sql)) {
            if (token.kind() == Kind.SYMBOL && token.text().equals(";")) {
                var found = of(statement.toString());
                if (found.isPresent()) {
                    return found;
                }
                statement.setLength(0);
            } else if (token.kind() == Kind.SPACE || token.kind() == Kind.COMMENT) {
                statement.append(' ');
            } else {
                statement.append(token.text());
            }
        }
        return of(statement.toString());
    }

    private static Optional<String> of(String statement) {
        String[] words = statement.strip().toLowerCase(Locale.ROOT).split("\\s+", 4);
        String first = words[0].equals("prepare") && words.length > 1 ? "prepare " + words[1] : words[0];
        boolean toSavepoint = first.equals("rollback")
                && words.length > 1
                && (words[1].equals("to") || (words.length > 2 && words[2].equals("to")));
        return WORDS.contains(first) && !toSavepoint ? Optional.of(first) : Optional.empty();
    }
}
