package io.backstay.binlog;

/// A set of transactions, as a server tells it. MySQL's interval sets and MariaDB's states are two
/// variants that never mix.
public sealed interface GtidSet permits MariaDbGtidState, MySqlGtidSet {

    boolean isEmpty();
}
