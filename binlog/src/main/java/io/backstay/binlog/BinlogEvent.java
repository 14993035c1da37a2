package io.backstay.binlog;

/// One decoded event. What has no content, or is older than MySQL 5.6, is an [OpaqueEvent] with its
/// type.
public sealed interface BinlogEvent
        permits FormatDescriptionEvent,
                RotateEvent,
                GtidEvent,
                GtidListEvent,
                MySqlGtidEvent,
                PreviousGtidsEvent,
                QueryEvent,
                StatementEvent,
                XidEvent,
                XaPrepareEvent,
                TableMapEvent,
                RowsEvent,
                AnnotateRowsEvent,
                TransactionPayloadEvent,
                IncidentEvent,
                HeartbeatEvent,
                GroupReplicationEvent,
                StartEncryptionEvent,
                BinlogCheckpointEvent,
                OpaqueEvent {}
