package io.backstay.ledger;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.ledger.seal.SigningKey;
import io.backstay.ledger.seal.TrustedKeys;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The end of a chain at one moment, signed: kept elsewhere, it proves later that nothing before it
/// was cut off or changed.
///
/// As text, one line: `WRITER SEQ HASH KEYID SIGNATURE`. Signed are the bytes of
/// `backstay-ledger-v1 WRITER SEQ HASH`, UTF-8, by Ed25519.
///
/// @param seq 0 for a chain without entries
/// @param hash 64 hexadecimal digits; of the last entry, or zeros
/// @param keyId 16 hexadecimal digits
/// @param signature 128 hexadecimal digits
public record LedgerHead(String writer, long seq, String hash, String keyId, String signature) {
    static final String NO_HASH = "0".repeat(64);
    private static final Pattern LINE =
            Pattern.compile(
                    "(%s) (0|[1-9][0-9]{0,17}) ([0-9a-f]{64}) ([0-9a-f]{16}) ([0-9a-f]{128})"
                            .formatted(Ledger.WRITER_PATTERN));

    static LedgerHead sign(String writer, long seq, String hash, SigningKey key) {
        byte[] signature = key.sign(signedBytes(writer, seq, hash));
        return new LedgerHead(writer, seq, hash, key.id(), HexFormat.of().formatHex(signature));
    }

    public String line() {
        return "%s %d %s %s %s".formatted(writer, seq, hash, keyId, signature);
    }

    public static LedgerHead parse(String line) {
        Matcher fields = LINE.matcher(line.strip());
        if (!fields.matches()) {
            throw new Problem(
                    ErrorCode.BAD_FILE,
                    "cannot read a ledger head: expected `WRITER SEQ HASH KEYID SIGNATURE`, found %d characters of another form"
                            .formatted(line.length()),
                    "`backstay ledger show FOLDER --heads` prints heads in this form.");
        }
        return new LedgerHead(
                fields.group(1),
                Long.parseLong(fields.group(2)),
                fields.group(3),
                fields.group(4),
                fields.group(5));
    }

    /// Whether its own writer's trusted key signed exactly this head; another writer's key does not
    /// count.
    public boolean isSignedBy(TrustedKeys trusted) {
        return trusted.find(keyId)
                .filter(trustedKey -> trustedKey.owner().equals(writer))
                .map(
                        trustedKey ->
                                trustedKey
                                        .key()
                                        .hasSigned(
                                                signedBytes(writer, seq, hash),
                                                HexFormat.of().parseHex(signature)))
                .orElse(false);
    }

    private static byte[] signedBytes(String writer, long seq, String hash) {
        return "backstay-ledger-v1 %s %d %s"
                .formatted(writer, seq, hash)
                .getBytes(StandardCharsets.UTF_8);
    }
}
