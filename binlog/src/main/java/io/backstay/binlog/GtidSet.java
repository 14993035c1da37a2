package io.backstay.binlog;

/// A set of transactions, as a server tells it. MySQL's interval sets and MariaDB's states are two
/// variants that never mix.
public sealed interface GtidSet permits MariaDbGtidState, MySqlGtidSet {

    boolean isEmpty();

    /// Whether all that is in the other set is in this one. The empty set of either variant is in
    /// every set; else sets of two variants hold nothing of each other.
    boolean covers(GtidSet other);

    /// Whether the transaction is in; of MariaDB: whether its domain has come this far.
    boolean has(Gtid gtid);

    /// With one more. The empty set of either variant takes any.
    ///
    /// @throws IllegalArgumentException for a transaction of the other variant
    GtidSet and(Gtid gtid);

    /// Of both. The empty set of either variant joins with any.
    ///
    /// @throws IllegalArgumentException for a set of the other variant
    GtidSet and(GtidSet other);

    /// Where replication goes on from: of MariaDB the last transaction of each domain, of MySQL the
    /// set itself.
    GtidSet place();

    /// What a server printed, of the variant that its form shows.
    ///
    /// @throws IllegalArgumentException if it is of neither form
    static GtidSet parse(String text) {
        return text.indexOf(':') < 0 ? MariaDbGtidState.parse(text) : MySqlGtidSet.parse(text);
    }
}
