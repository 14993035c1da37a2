package io.backstay.recovery.intake;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.mysql.ColumnDefinition;
import io.backstay.mysql.ForeignKey;
import io.backstay.mysql.KeyColumn;
import io.backstay.mysql.TableDefinition;
import io.backstay.mysql.TableName;
import io.backstay.recovery.archive.BaseDocument.Column;
import io.backstay.recovery.archive.BaseDocument.Table;
import io.backstay.recovery.archive.RowDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A CREATE TABLE statement as SHOW CREATE TABLE prints it, to what `information_schema` would say
/// of the table.
///
/// One clause a line in the first group of parentheses, table options behind it. Source: MariaDB
/// knowledge base, "SHOW CREATE TABLE".
final class TableReader {
    private static final Pattern ENGINE = Pattern.compile("(?i)\\bENGINE=(\\w+)");
    private static final Pattern NEXT = Pattern.compile("(?i)\\bAUTO_INCREMENT=(\\d+)");
    private static final Pattern CHARSET = Pattern.compile("(?i)\\bCHARSET=(\\w+)");
    private static final Pattern COLLATE = Pattern.compile("(?i)\\bCOLLATE=(\\w+)");

    private final TableName name;
    private final String createSql;
    private final String options;
    private final List<ColumnDefinition> columns = new ArrayList<>();
    private final List<KeyColumn> primaryKey = new ArrayList<>();
    private final List<ForeignKey> foreignKeys = new ArrayList<>();

    private TableReader(TableName name, String createSql, String options) {
        this.name = name;
        this.createSql = createSql;
        this.options = options;
    }

    /// A table without rows yet. Errors: a form that is not SHOW CREATE TABLE's, system versioning.
    static Table read(String schema, String createSql) {
        var words = new SqlWords(createSql);
        words.next();
        words.next();
        if (words.take("IF")) {
            words.next();
            words.next();
        }
        var name = new TableName(schema, words.name());
        int open = createSql.indexOf("(\n");
        int close = createSql.lastIndexOf("\n)");
        if (open < 0 || close <= open) {
            throw refused(name, "its definition is not in the form of SHOW CREATE TABLE");
        }
        String options = createSql.substring(close + 2);
        var reader = new TableReader(name, createSql, withoutTexts(options));
        if (options.contains("WITH SYSTEM VERSIONING")) {
            throw refused(name, "it is system-versioned, and a dump holds no history");
        }
        SqlWords.pieces(createSql.substring(open + 2, close)).forEach(reader::clause);
        return reader.table();
    }

    private Table table() {
        Optional<String> engine = find(ENGINE, options);
        boolean counts = columns.stream().anyMatch(ColumnDefinition::isAutoIncrement);
        foreignKeys.sort(Comparator.comparing(ForeignKey::name));
        return new Table(
                name.schema(),
                name.table(),
                engine.orElse(""),
                createSql,
                columns.stream()
                        .map(
                                c ->
                                        new Column(
                                                c.name(),
                                                c.dataType(),
                                                c.columnType(),
                                                c.generated() != ColumnDefinition.Generated.NOT))
                        .toList(),
                primaryKey.stream().map(KeyColumn::name).toList(),
                new TableDefinition(
                        name,
                        TableDefinition.Kind.BASE_TABLE,
                        engine,
                        columns,
                        primaryKey,
                        foreignKeys),
                counts ? find(NEXT, options).orElse("1") : null,
                0,
                new RowDigest().toString(),
                List.of());
    }

    private void clause(String clause) {
        var words = new SqlWords(clause);
        if (clause.startsWith("`")) {
            column(words);
        } else if (words.take("PRIMARY")) {
            words.next();
            for (String part : SqlWords.pieces(SqlWords.inside(words.next()))) {
                primaryKey.add(keyColumn(part));
            }
        } else if (words.take("CONSTRAINT")) {
            String key = words.name();
            if (words.take("FOREIGN")) {
                foreignKey(key, words);
            }
        } else if (words.take("PERIOD")) {
            throw refused(name, "it has a period");
        }
    }

    private void column(SqlWords words) {
        String column = words.name();
        String dataType = words.word();
        var columnType = new StringBuilder(dataType).append(words.group());
        boolean isUnsigned = words.take("unsigned");
        columnType.append(isUnsigned ? " unsigned" : "");
        columnType.append(words.take("zerofill") ? " zerofill" : "");
        Optional<String> characterSet = Optional.empty();
        Optional<String> collation = Optional.empty();
        boolean isNullable = true;
        boolean isInvisible = false;
        boolean isAutoIncrement = false;
        var generated = ColumnDefinition.Generated.NOT;
        while (!words.isAtEnd()) {
            if (words.take("CHARACTER")) {
                words.next();
                characterSet = Optional.of(words.word());
            } else if (words.take("COLLATE")) {
                collation = Optional.of(words.word());
            } else if (words.take("NOT")) {
                isNullable &= !words.take("NULL");
            } else if (words.take("AS")) {
                String expression = words.next();
                if (!expression.startsWith("(")) {
                    throw refused(name, "its column " + column + " keeps row versions");
                }
                generated =
                        words.take("STORED") || words.take("PERSISTENT")
                                ? ColumnDefinition.Generated.STORED
                                : ColumnDefinition.Generated.VIRTUAL;
            } else if (words.take("INVISIBLE")) {
                isInvisible = true;
            } else if (words.take("AUTO_INCREMENT")) {
                isAutoIncrement = true;
            } else {
                words.next();
            }
        }
        boolean isText = isText(dataType);
        columns.add(
                new ColumnDefinition(
                        column,
                        columns.size() + 1,
                        dataType,
                        columnType.toString(),
                        isUnsigned,
                        isText
                                ? Optional.of(characterSet(characterSet, collation))
                                : Optional.empty(),
                        isText ? Optional.of(collation(characterSet, collation)) : Optional.empty(),
                        isNullable,
                        generated,
                        isInvisible,
                        isAutoIncrement));
    }

    private String characterSet(Optional<String> own, Optional<String> collation) {
        return own.or(() -> collation.map(c -> c.substring(0, c.indexOf('_'))))
                .or(() -> find(CHARSET, options))
                .map(String::toLowerCase)
                .orElseThrow(() -> refused(name, "its definition names no character set"));
    }

    private String collation(Optional<String> characterSet, Optional<String> own) {
        return own.or(() -> characterSet.map(Charsets::defaultCollation))
                .or(() -> find(COLLATE, options))
                .orElseGet(() -> Charsets.defaultCollation(characterSet(characterSet, own)));
    }

    private static KeyColumn keyColumn(String part) {
        var words = new SqlWords(part);
        String column = words.name();
        String prefix = words.group();
        return new KeyColumn(
                column,
                prefix.isEmpty()
                        ? OptionalInt.empty()
                        : OptionalInt.of(Integer.parseInt(SqlWords.inside(prefix))));
    }

    private void foreignKey(String key, SqlWords words) {
        words.next();
        List<String> own = names(words.next());
        words.next();
        String first = words.next();
        TableName parent = new TableName(name.schema(), SqlWords.unquoted(first));
        if (words.take(".")) {
            parent = new TableName(SqlWords.unquoted(first), words.name());
        }
        List<String> theirs = names(words.next());
        var onDelete = ForeignKey.Rule.RESTRICT;
        var onUpdate = ForeignKey.Rule.RESTRICT;
        while (words.take("ON")) {
            if (words.take("DELETE")) {
                onDelete = rule(words);
            } else {
                words.next();
                onUpdate = rule(words);
            }
        }
        foreignKeys.add(new ForeignKey(key, own, parent, theirs, onUpdate, onDelete));
    }

    private static ForeignKey.Rule rule(SqlWords words) {
        String first = words.next().toUpperCase(Locale.ROOT);
        return switch (first) {
            case "SET" -> words.take("NULL") ? ForeignKey.Rule.SET_NULL : setDefault(words);
            case "NO" -> {
                words.next();
                yield ForeignKey.Rule.NO_ACTION;
            }
            default -> ForeignKey.Rule.valueOf(first);
        };
    }

    private static ForeignKey.Rule setDefault(SqlWords words) {
        words.next();
        return ForeignKey.Rule.SET_DEFAULT;
    }

    private static List<String> names(String group) {
        return SqlWords.pieces(SqlWords.inside(group)).stream().map(SqlWords::unquoted).toList();
    }

    static boolean isText(String dataType) {
        return switch (dataType) {
            case "char", "varchar", "tinytext", "text", "mediumtext", "longtext", "enum", "set" ->
                    true;
            default -> false;
        };
    }

    private static Optional<String> find(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    /// So that a comment cannot pass for an option.
    private static String withoutTexts(String options) {
        return options.replaceAll("'(?:[^'\\\\]|''|\\\\.)*'", "''");
    }

    private static Problem refused(TableName table, String reason) {
        return new Problem(
                ErrorCode.UNSUPPORTED,
                "cannot import table " + table + ": " + reason,
                "leave it out of the dump, or take a base with `backstay backup`.");
    }
}
