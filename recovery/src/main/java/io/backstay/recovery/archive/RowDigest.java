package io.backstay.recovery.archive;

import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import java.util.HexFormat;

/// A digest of a multiset of rows that does not depend on their order.
///
/// Each row is its LOAD DATA text without the line feed, hashed with XXH3 (64 bits, seed 0); the
/// digest is the sum of all hashes modulo 2^64 with the number of rows. Digests of parts add up to
/// the digest of the whole. It finds accidents, not forgers. Not safe for use by several threads.
public final class RowDigest {
    private static final Hasher64 XXH3 = Hashing.xxh3_64();

    private long rows;
    private long sum;

    /// @param count bytes of the row from `from` on, without its line feed
    public void add(byte[] text, int from, int count) {
        rows++;
        sum += XXH3.hashBytesToLong(text, from, count);
    }

    public void add(RowDigest other) {
        rows += other.rows;
        sum += other.sum;
    }

    public long rows() {
        return rows;
    }

    /// `ROWS:SUM`, the sum in sixteen hexadecimal digits.
    @Override
    public String toString() {
        return rows + ":" + HexFormat.of().toHexDigits(sum);
    }

    public static RowDigest parse(String text) {
        int colon = text.indexOf(':');
        try {
            var digest = new RowDigest();
            digest.rows = Long.parseLong(text, 0, colon, 10);
            digest.sum = Long.parseUnsignedLong(text, colon + 1, text.length(), 16);
            return digest;
        } catch (IndexOutOfBoundsException | NumberFormatException e) {
            throw new Problem(
                    ErrorCode.BAD_FILE,
                    "row digest: expected ROWS:SUM, found " + text,
                    "the archive was not written by backstay.",
                    e);
        }
    }
}
