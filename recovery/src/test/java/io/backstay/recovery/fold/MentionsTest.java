package io.backstay.recovery.fold;

import static org.assertj.core.api.Assertions.assertThat;

import io.backstay.mysql.TableName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MentionsTest {

    /// Text, database in use, whether `d.t` is found.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "INSERT INTO t VALUES (1) | d | true",
                "INSERT INTO t VALUES (1) | e | false",
                "INSERT INTO d.t VALUES (1) | e | true",
                "INSERT INTO e.t VALUES (1) | d | false",
                "INSERT INTO `d` . `T` VALUES (1) | e | true",
                "INSERT INTO \"d\".\"t\" VALUES (1) | e | true",
                "INSERT INTO .t VALUES (1) | d | true",
                "INSERT INTO d./* c */t VALUES (1) | e | true",
                "INSERT INTO d/* c */.t VALUES (1) | e | true",
                "INSERT INTO d.#~t VALUES (1) | e | true",
                "INSERT INTO /* of */ e.t VALUES (1) | f | false",
                "SELECT 't' | d | true",
                "INSERT INTO tt VALUES (1) | d | false",
                "INSERT INTO t$ VALUES (1) | d | false"
            })
    void aNameIsFoundHoweverItIsSpelled(String text, String database, boolean isFound) {
        var mentions = new Mentions();
        mentions.add(new TableName("d", "t"));
        assertThat(mentions.in(new SqlText(text.replace('~', '\n'), database, true)))
                .as(text)
                .hasSize(isFound ? 1 : 0);
    }

    /// Schema, table, text.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "d | a b | DELETE FROM `a b`",
                "d | a`b | DELETE FROM `a``b`",
                "d | a\"b | DELETE FROM \"a\"\"b\"",
                "d`e | t | DELETE FROM `d``e`.t",
                "d.e | t | DELETE FROM `d.e`.t",
                "d | \u0130x | DELETE FROM \u0130X",
                "d | \u039f\u03a3 | DELETE FROM \u039f\u03a3 WHERE \u03bf\u03c2.a = 1",
                "d | \u03bf\u03c2 | DELETE FROM \u039f\u03a3",
                "d | \u039f\u03a3 | UPDATE x JOIN \u039f\u03a3.b"
            })
    void oddNamesAreFound(String schema, String table, String text) {
        var mentions = new Mentions();
        var name = new TableName(schema, table);
        mentions.add(name);
        assertThat(mentions.in(new SqlText(text, schema.equals("d") ? "d" : "", true)))
                .containsExactly(name);
    }

    @Test
    void inATextThatCannotBeToldEveryNameThatIsNotAsciiStands() {
        var mentions = new Mentions();
        var odd = new TableName("d", "t\u00e4");
        var inOdd = new TableName("d\u00e4", "t");
        mentions.add(odd);
        mentions.add(inOdd);
        mentions.add(new TableName("d", "plain"));
        assertThat(mentions.in(new SqlText("UPDATE d.t\ufffd SET v = 1", "e", false)))
                .containsExactlyInAnyOrder(odd, inOdd);
        assertThat(mentions.in(new SqlText("UPDATE d.x SET v = 1", "e", true))).isEmpty();
    }
}
