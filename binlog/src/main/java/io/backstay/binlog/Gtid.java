package io.backstay.binlog;

/// The name of one transaction, of one of the two flavours.
///
/// MariaDB's is `domain-server-sequence`, MySQL's is `uuid:number` or `uuid:tag:number`.
public sealed interface Gtid permits MariaDbGtid, MySqlGtid {}
