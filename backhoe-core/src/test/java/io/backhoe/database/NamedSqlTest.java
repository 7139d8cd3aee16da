package io.backhoe.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamedSqlTest {
    private static final Set<String> NAMES = Set.of("a", "after_1", "chunk", "b");

    @Test
    void replacesEachOccurrenceAndKeepsTheOrder() {
        var named = NamedSql.of("SELECT :a, CAST(:after_1 AS date), :a", NAMES);

        assertThat(named.jdbc()).isEqualTo("SELECT ?, CAST(? AS date), ?");
        assertThat(named.parameters()).containsExactly("a", "after_1", "a");
    }

    @Test
    void leavesNamesThatAreNoParameters() {
        assertThat(NamedSql.of("SELECT :after_11, :A, :other", NAMES).parameters())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'it''s :a'",
                "E'back\\' :a'",
                "e'\\\\\\' :a'",
                "'a\\' || \":a\"",
                "\"col \"\":a\"\" x\"",
                "U&'\\0061 :a'",
                "B'0' || N' :a'",
                "$$ :a ' \" $$",
                "$tag$ :a $$ $other$ :a $tag$",
                "$täg$ :a $täg$",
                "1 -- :a ' \" /* \r",
                "1 /* :a /* ' */ :a */",
                "1 /* -- */ /*:a*/",
                "x::a",
                "x :: a",
                "f(x := 1)",
                "f(x:=a)",
                "v[1:a]",
                "v[1 :a]",
                "v[:a]",
                "v[b:a][:b]",
                "(v)[w[1]:a]",
                "(ARRAY[1,2])[1:a]",
                "'E' ':a'",
                "name$a$ ':a'",
            })
    void findsNoParameterIn(String sql) {
        assertThat(NamedSql.of(sql, NAMES)).isEqualTo(new NamedSql(sql, List.of()));
    }

    @Test
    void takesADollarSignInsideANameForAPartOfTheName() {
        assertThat(NamedSql.of("foo$$:a$$bar", NAMES).parameters()).containsExactly("a");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x+:a",
                "x=:a",
                "(:a)",
                ":a::text",
                "x::text=:a",
                "'s':a",
                "E'\\\\':a",
                "ARRAY[:a]",
                "array [ 1, :a]",
                "ARRAY[[1],[:a]]",
                "ARRAY[1,2,:a]",
                "v[(:a)]",
                "v[(1):(:a)]",
                "f(v[1:2], :a)",
                "CASE WHEN x[1] THEN:a END",
                "x -- ' \n :a",
                "/* ' */:a",
                "/* /* */ ' */:a",
                "$1:a",
                "$$ ' $$:a",
                "$x$ $y$ $x$:a",
                "1:a",
                "\"a\"\"b\":a",
                "me'x':a",
                "tre$x :a",
            })
    void findsTheParameterIn(String sql) {
        var named = NamedSql.of(sql, NAMES);

        assertThat(named.parameters()).containsExactly("a");
        int place = sql.lastIndexOf(":a");
        assertThat(named.jdbc()).isEqualTo(sql.substring(0, place) + "?" + sql.substring(place + 2));
    }

    @Test
    void doublesTheQuestionMarkOfAnOperatorAndOfNothingElse() {
        var sql = "d ? 'k?' AND d ?| ARRAY['?'] AND \"?\" @? $$?$$ -- ?\n AND :a /* ? */";

        assertThat(NamedSql.of(sql, NAMES).jdbc())
                .isEqualTo("d ?? 'k?' AND d ??| ARRAY['?'] AND \"?\" @?? $$?$$ -- ?\n AND ? /* ? */");
    }

    @Test
    void keepsAnyTextWhoseTokensAreJoinedAgain() {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        List<String> pieces = List.of(
                "'", "''", "\"", "$$", "$t$", "$1", ":a", "::", ":", "[", "]", "(", ")", "--", "/*", "*/", "\n", "\\",
                "E'", "e", "ARRAY", "?", ";", " ", "x", "é", "1", ",");
        for (int i = 0; i < 20_000; i++) {
            String sql = random.ints(1 + random.nextInt(12), 0, pieces.size())
                    .mapToObj(pieces::get)
                    .collect(Collectors.joining());
            String joined =
                    SqlLexer.tokens(sql).stream().map(SqlLexer.Token::text).collect(Collectors.joining());
            assertThat(joined).as("seed %d: %s", seed, sql).isEqualTo(sql);
        }
    }
}
