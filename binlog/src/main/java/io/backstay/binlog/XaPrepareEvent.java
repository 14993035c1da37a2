package io.backstay.binlog;

/// The end of the first half of an XA transaction, or with `isOnePhase` of the whole of one.
///
/// | Offset | Size | Field |
/// | --- | --- | --- |
/// | 0 | 1 | `isOnePhase` |
/// | 1 | 4 | `formatId` |
/// | 5 | 4 | length of the global part, at most 64 |
/// | 9 | 4 | length of the branch part, at most 64 |
/// | 13 | | the two parts |
///
/// Source: MySQL source, `XA_prepare_event`; MariaDB source, `XA_prepare_log_event`.
public record XaPrepareEvent(boolean isOnePhase, XaIdentifier identifier) implements BinlogEvent {

    static XaPrepareEvent decode(EventBody body) {
        boolean isOnePhase = body.uint8("XaPrepareEvent.isOnePhase") != 0;
        long format = body.uint32("XaPrepareEvent.formatId");
        long global = body.uint32("XaPrepareEvent.globalLength");
        long branch = body.uint32("XaPrepareEvent.branchLength");
        return new XaPrepareEvent(
                isOnePhase,
                XaIdentifier.decode(body, "XaPrepareEvent.identifier", format, global, branch));
    }
}
