package io.backstay.binlog;

import java.nio.charset.StandardCharsets;

/// The first event of every file: who wrote it and how its events are laid out.
///
/// | Offset | Size | Field |
/// | --- | --- | --- |
/// | 0 | 2 | format version, 4 |
/// | 2 | 50 | `serverVersion`, filled up with zeros |
/// | 52 | 4 | `createdSeconds`, Unix time; 0 except in the first file after a server's start |
/// | 56 | 1 | length of the event header, 19 |
/// | 57 | n | one length of a fixed part for each event type from 1 on |
/// | 57+n | 1 | checksum algorithm: 0 none, 1 CRC32 |
///
/// Always followed by four bytes of checksum, whatever the algorithm. Source: MariaDB knowledge
/// base, "FORMAT_DESCRIPTION_EVENT"; MySQL internals manual.
public record FormatDescriptionEvent(
        String serverVersion, long createdSeconds, ChecksumAlgorithm checksum)
        implements BinlogEvent {

    /// By the version's text: MariaDB's ends with its name.
    public Flavour flavour() {
        return serverVersion.contains("MariaDB") ? Flavour.MARIADB : Flavour.MYSQL;
    }

    static FormatDescriptionEvent decode(EventBody body) {
        int version = body.uint16("FormatDescriptionEvent.version");
        if (version != 4) {
            throw body.damaged("FormatDescriptionEvent.version", "4", Integer.toString(version));
        }
        String server =
                body.text("FormatDescriptionEvent.serverVersion", 50, StandardCharsets.US_ASCII);
        int zero = server.indexOf('\0');
        long created = body.uint32("FormatDescriptionEvent.createdSeconds");
        int headerLength = body.uint8("FormatDescriptionEvent.headerLength");
        if (headerLength != EventHeader.LENGTH) {
            throw body.damaged(
                    "FormatDescriptionEvent.headerLength", "19", Integer.toString(headerLength));
        }
        body.skip("FormatDescriptionEvent.fixedPartLengths", Math.max(1, body.remaining() - 1));
        int algorithm = body.uint8("FormatDescriptionEvent.checksumAlgorithm");
        if (algorithm > 1) {
            throw body.damaged(
                    "FormatDescriptionEvent.checksumAlgorithm",
                    "0 or 1",
                    Integer.toString(algorithm));
        }
        return new FormatDescriptionEvent(
                zero < 0 ? server : server.substring(0, zero),
                created,
                algorithm == 1 ? ChecksumAlgorithm.CRC32 : ChecksumAlgorithm.NONE);
    }
}
