package io.backhoe.database;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Cuts SQL into tokens, as far as it takes to tell code from quoted text and comments, and a parameter {@code :name}
 * from a cast or an array slice. The rules are those of PostgreSQL with {@code standard_conforming_strings} on, section
 * "Lexical Structure" of its manual.
 */
final class SqlLexer {
    enum Kind {
        SPACE,
        COMMENT,
        /** A string or a quoted identifier. */
        QUOTED,
        /** A name, a keyword or a number. */
        WORD,
        /** {@code :name}. */
        PARAMETER,
        /** {@code $1}. */
        POSITION,
        SYMBOL
    }

    /** @param closed false for quoted text or a comment that the text ends in */
    record Token(Kind kind, String text, boolean closed) {}

    private final String sql;
    private final List<Token> tokens = new ArrayList<>();
    /** What is open here: '(' , 'A' for the bracket of an array constructor, 'S' for that of a subscript. */
    private final Deque<Character> open = new ArrayDeque<>();

    private Token last = new Token(Kind.SPACE, "", true);
    private int at;

    private SqlLexer(String sql) {
        this.sql = sql;
    }

    /** The tokens of the text; put together they are the text again. */
    static List<Token> tokens(String sql) {
        var lexer = new SqlLexer(sql);
        while (lexer.at < sql.length()) {
            lexer.next();
        }
        return lexer.tokens;
    }

    private void next() {
        char c = sql.charAt(at);
        if (isSpace(c)) {
            add(Kind.SPACE, after(at, SqlLexer::isSpace), true);
        } else if (sql.startsWith("--", at)) {
            add(Kind.COMMENT, after(at, x -> x != '\n' && x != '\r'), true);
        } else if (sql.startsWith("/*", at)) {
            blockComment();
        } else if (c == '\'' || c == '"') {
            quoted(at, c, false);
        } else if (c == '$') {
            dollar();
        } else if (startsWord(c)) {
            int end = after(at, SqlLexer::continuesWord);
            boolean escapes = end == at + 1 && (c == 'e' || c == 'E') && charAt(end) == '\'';
            if (escapes) {
                quoted(end, '\'', true);
            } else {
                add(Kind.WORD, end, true);
            }
        } else if (c >= '0' && c <= '9') {
            add(Kind.WORD, after(at, x -> continuesWord(x) || x == '.'), true);
        } else if (c == ':') {
            colon();
        } else {
            symbol(c);
        }
    }

    private void blockComment() {
        int depth = 1;
        int end = at + 2;
        while (end < sql.length() && depth > 0) {
            boolean opens = sql.startsWith("/*", end);
            boolean closes = sql.startsWith("*/", end);
            depth += opens ? 1 : closes ? -1 : 0;
            end += opens || closes ? 2 : 1;
        }
        add(Kind.COMMENT, end, depth == 0);
    }

    private void quoted(int quoteAt, char quote, boolean escapes) {
        int end = quoteAt + 1;
        while (end < sql.length()) {
            char c = sql.charAt(end++);
            if (escapes && c == '\\') {
                end = Math.min(end + 1, sql.length());
            } else if (c == quote && charAt(end) == quote) {
                end++;
            } else if (c == quote) {
                add(Kind.QUOTED, end, true);
                return;
            }
        }
        add(Kind.QUOTED, end, false);
    }

    private void dollar() {
        int tagEnd = at + 1;
        if (startsWord(charAt(tagEnd))) {
            tagEnd = after(tagEnd, x -> continuesWord(x) && x != '$');
        }
        if (charAt(tagEnd) == '$') {
            String tag = sql.substring(at, tagEnd + 1);
            int close = sql.indexOf(tag, tagEnd + 1);
            add(Kind.QUOTED, close < 0 ? sql.length() : close + tag.length(), close >= 0);
        } else {
            int end = after(at + 1, x -> x >= '0' && x <= '9');
            add(end == at + 1 ? Kind.SYMBOL : Kind.POSITION, end, true);
        }
    }

    private void colon() {
        char following = charAt(at + 1);
        if (following == ':' || following == '=') {
            add(Kind.SYMBOL, at + 2, true);
        } else if (startsWord(following) && !inSubscript()) {
            add(Kind.PARAMETER, after(at + 1, x -> continuesWord(x) && x != '$'), true);
        } else {
            add(Kind.SYMBOL, at + 1, true);
        }
    }

    private void symbol(char c) {
        if (c == '(') {
            open.push('(');
        } else if (c == '[') {
            open.push(startsArray() ? 'A' : 'S');
        } else if (c == ')' || c == ']') {
            open.poll();
        }
        add(Kind.SYMBOL, at + 1, true);
    }

    /** {@code ARRAY[..]} and the inner brackets of {@code ARRAY[[..], [..]]}; all other brackets are subscripts. */
    private boolean startsArray() {
        boolean inArray = open.peek() != null && open.peek() == 'A';
        return last.text.equalsIgnoreCase("array") || (inArray && (last.text.equals("[") || last.text.equals(",")));
    }

    private boolean inSubscript() {
        return open.peek() != null && open.peek() == 'S';
    }

    private void add(Kind kind, int end, boolean closed) {
        var token = new Token(kind, sql.substring(at, end), closed);
        tokens.add(token);
        if (kind != Kind.SPACE && kind != Kind.COMMENT) {
            last = token;
        }
        at = end;
    }

    private interface CharTest {
        boolean holds(char c);
    }

    private int after(int from, CharTest test) {
        int end = from;
        while (end < sql.length() && test.holds(sql.charAt(end))) {
            end++;
        }
        return end;
    }

    /** NUL past the end, which no SQL holds. */
    private char charAt(int index) {
        return index < sql.length() ? sql.charAt(index) : '\0';
    }

    private static boolean isSpace(char c) {
        return c == ' ' || (c >= '\t' && c <= '\r');
    }

    private static boolean startsWord(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 0x80;
    }

    private static boolean continuesWord(char c) {
        return startsWord(c) || (c >= '0' && c <= '9') || c == '$';
    }
}
