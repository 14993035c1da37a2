package io.backstay.recovery.fold;

/// What a statement in the log means for a fold.
public enum StatementMeaning {
    COMMIT,
    ROLLBACK,
    /// Begins a part of the transaction that may be taken back.
    SAVEPOINT,
    /// Takes back a part of the transaction.
    ROLLBACK_TO,
    /// The second half of a transaction prepared before.
    XA_COMMIT,
    XA_ROLLBACK,
    /// Changes no row and no definition that lasts.
    HARMLESS,
    /// Drops a table that only its session sees.
    DROP_TEMPORARY,
    /// A view, trigger, routine or event: no row and no table changes.
    PROGRAM,
    /// An account, role or grant.
    ACCOUNT,
    /// A whole database.
    DATABASE,
    /// Empties one table.
    TRUNCATE,
    /// Anything else: a table's definition, or rows in statement format.
    CHANGE
}
