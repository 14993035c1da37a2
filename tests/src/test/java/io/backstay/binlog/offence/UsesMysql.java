package io.backstay.binlog.offence;

import io.backstay.mysql.Identifier;

/// Breaks the module table on purpose.
final class UsesMysql {
    Identifier identifier;
}
