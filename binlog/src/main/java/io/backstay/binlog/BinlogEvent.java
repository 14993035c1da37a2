package io.backstay.binlog;

/// One decoded event. What is not decoded further is an [OpaqueEvent] with its type.
public sealed interface BinlogEvent
        permits FormatDescriptionEvent,
                RotateEvent,
                GtidEvent,
                GtidListEvent,
                QueryEvent,
                XidEvent,
                TableMapEvent,
                RowsEvent,
                AnnotateRowsEvent,
                OpaqueEvent {}
