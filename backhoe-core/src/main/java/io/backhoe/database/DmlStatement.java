package io.backhoe.database;

import io.backhoe.database.SqlLexer.Kind;
import io.backhoe.database.SqlLexer.Token;
import io.backhoe.value.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * One statement that changes rows, as somebody has written it, with what stands for the rows that it is for.
 *
 * @param sql without a semicolon at its end
 */
public record DmlStatement(String sql) {
    /** Stands for the condition of a batch's rows. */
    public static final String ROWS = "{{rows}}";

    private static final Set<String> VERBS = Set.of("insert", "update", "delete", "merge", "with");
    private static final List<String> BOUNDS = List.of(":chunk_start", ":chunk_end");

    public DmlStatement {
        sql = sql.strip().replaceFirst(";\\s*$", "");
    }

    /** What is wrong with it, apart from what only the server can tell; nothing where it is well. */
    public List<String> problems() {
        var problems = new ArrayList<String>();
        var tokens = code();
        String first = tokens.isEmpty() ? "" : tokens.get(0).text().toLowerCase(Locale.ROOT);
        if (!VERBS.contains(first)) {
            problems.add("has to be INSERT, UPDATE, DELETE, MERGE, or one of these after WITH"
                    + (first.isEmpty() ? "" : ", and begins with '" + first + "'"));
        } else if (first.equals("with") && atTop(tokens, VERBS).size() < 2) {
            problems.add("has to end in INSERT, UPDATE, DELETE or MERGE after WITH, and only reads");
        }
        if (tokens.stream().anyMatch(t -> t.kind() == Kind.SYMBOL && t.text().equals(";"))) {
            problems.add("holds several statements; write one");
        }
        if (tokens.stream().anyMatch(t -> !t.closed())) {
            problems.add("holds a quote or a comment that does not end");
        }
        if (!atTop(tokens, Set.of("returning")).isEmpty()) {
            problems.add("returns rows, which nobody reads; leave out RETURNING");
        }
        return problems;
    }

    /** Whether both ends of the chunk stand in it, as parameters and not within quotes or comments. */
    public boolean isBounded() {
        var parameters = code().stream()
                .filter(t -> t.kind() == Kind.PARAMETER)
                .map(Token::text)
                .toList();
        return parameters.containsAll(BOUNDS);
    }

    /** Whether the condition of a batch's rows is asked for. */
    public boolean namesRows() {
        return code().stream()
                .map(t -> t.kind() == Kind.SYMBOL || t.kind() == Kind.WORD ? t.text() : " ")
                .reduce("", String::concat)
                .contains(ROWS);
    }

    /** Whether it puts rows into that table. */
    public boolean insertsInto(TableName table) {
        var tokens = code();
        for (int i = 1; i < tokens.size(); i++) {
            boolean into = isWord(tokens.get(i), "into")
                    && (isWord(tokens.get(i - 1), "insert")
                            || (isWord(tokens.get(i - 1), "merge")
                                    && tokens.stream().anyMatch(t -> isWord(t, "insert"))));
            if (into && isNamed(tokens, i + 1, table)) {
                return true;
            }
        }
        return false;
    }

    /** Whether it takes rows out of that table, as far as the text shows it. */
    public boolean deletesFrom(TableName table) {
        var tokens = code();
        for (int i = 1; i < tokens.size(); i++) {
            boolean from = isWord(tokens.get(i), "from") && isWord(tokens.get(i - 1), "delete");
            boolean into =
                    isWord(tokens.get(i), "into") && isWord(tokens.get(i - 1), "merge") && thenDeletes(tokens, i);
            if ((from || into) && isNamed(tokens, i + 1, table)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether what it does is to change rows of that table and to add none there: then the rows that the server says it wrote
     * are such rows. What stands within WITH is not asked.
     */
    public boolean updates(TableName table) {
        var tokens = code();
        int depth = 0;
        for (int i = 0; i + 1 < tokens.size(); i++) {
            Token token = tokens.get(i);
            if (token.kind() == Kind.SYMBOL) {
                depth += token.text().equals("(") ? 1 : token.text().equals(")") ? -1 : 0;
            } else if (depth == 0 && VERBS.stream().anyMatch(v -> !v.equals("with") && isWord(token, v))) {
                boolean merges = isWord(token, "merge");
                return (merges || isWord(token, "update"))
                        && isNamed(tokens, merges ? i + 2 : i + 1, table)
                        && !insertsInto(table);
            }
        }
        return false;
    }

    private static boolean thenDeletes(List<Token> tokens, int from) {
        for (int i = from + 1; i < tokens.size(); i++) {
            if (isWord(tokens.get(i), "delete") && isWord(tokens.get(i - 1), "then")) {
                return true;
            }
        }
        return false;
    }

    /** Whether that table's name stands there; one without a schema may be any that is found by it. */
    private static boolean isNamed(List<Token> tokens, int first, TableName table) {
        var parts = nameAt(tokens, first);
        String schema = parts.size() < 2 ? null : parts.get(parts.size() - 2);
        return !parts.isEmpty()
                && parts.get(parts.size() - 1).equals(table.name())
                && (schema == null || table.schema() == null || schema.equals(table.schema()));
    }

    private static boolean isWord(Token token, String word) {
        return token.kind() == Kind.WORD && token.text().equalsIgnoreCase(word);
    }

    /** The parts of a name such as {@code database.schema.table}, as the server reads them. */
    private static List<String> nameAt(List<Token> tokens, int first) {
        var parts = new ArrayList<String>();
        int at = first < tokens.size() && isWord(tokens.get(first), "only") ? first + 1 : first;
        while (at < tokens.size()) {
            parts.add(name(tokens.get(at)));
            if (at + 2 >= tokens.size() || !tokens.get(at + 1).text().equals(".")) {
                break;
            }
            at += 2;
        }
        return parts;
    }

    private static String name(Token token) {
        String text = token.text();
        return text.startsWith("\"")
                ? text.substring(1, text.length() - 1).replace("\"\"", "\"")
                : text.toLowerCase(Locale.ROOT);
    }

    /** As it is executed: without its comments. */
    public String on(String rows) {
        var text = new StringBuilder();
        SqlLexer.tokens(sql).forEach(t -> text.append(t.kind() == Kind.COMMENT && t.closed() ? " " : t.text()));
        return text.toString().replace(ROWS, "(" + rows + "\n)");
    }

    private List<Token> code() {
        return SqlLexer.tokens(sql).stream()
                .filter(t -> t.kind() != Kind.SPACE && (t.kind() != Kind.COMMENT || !t.closed()))
                .toList();
    }

    /** Words that stand in no parentheses. */
    private static List<String> atTop(List<Token> tokens, Set<String> words) {
        var found = new ArrayList<String>();
        int depth = 0;
        for (Token token : tokens) {
            String text = token.text().toLowerCase(Locale.ROOT);
            if (token.kind() == Kind.SYMBOL) {
                depth += text.equals("(") ? 1 : text.equals(")") ? -1 : 0;
            } else if (token.kind() == Kind.WORD && depth == 0 && words.contains(text)) {
                found.add(text);
            }
        }
        return found;
    }
}
