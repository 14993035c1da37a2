package io.backstay.binlog;

/// A set of transactions, as a server tells it. MySQL's interval sets and MariaDB's states are two
/// variants that never mix.
public sealed interface GtidSet permits MariaDbGtidState, MySqlGtidSet {

    boolean isEmpty();

    /// Whether all that is in the other set is in this one. The empty set of either variant is in
    /// every set; else sets of two variants hold nothing of each other.
    boolean covers(GtidSet other);

    /// What a server printed, of the variant that its form shows.
    ///
    /// @throws IllegalArgumentException if it is of neither form
    static GtidSet parse(String text) {
        return text.indexOf(':') < 0 ? MariaDbGtidState.parse(text) : MySqlGtidSet.parse(text);
    }
}
