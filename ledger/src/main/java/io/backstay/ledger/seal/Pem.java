package io.backstay.ledger.seal;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Binary keys as text between BEGIN and END lines (RFC 7468).
final class Pem {
    private static final int TEXT_CHARS_MAX = 16_384;

    private Pem() {}

    static String block(String label, byte[] der) {
        Base64.Encoder lines = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));
        return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
                .formatted(label, lines.encodeToString(der), label);
    }

    /// The one block of this label; none, two or a damaged one is an error.
    static byte[] requireBlock(Path file, String text, String label) {
        Matcher block =
                Pattern.compile(
                                "-----BEGIN "
                                        + label
                                        + "-----\n([A-Za-z0-9+/=\n]+)\n-----END "
                                        + label
                                        + "-----")
                        .matcher(text.substring(0, Math.min(text.length(), TEXT_CHARS_MAX)));
        if (!block.find()) {
            throw damaged(file, "expected a PEM block " + label + ", found none");
        }
        String body = block.group(1);
        if (block.find()) {
            throw damaged(file, "expected one PEM block " + label + ", found two");
        }
        try {
            return Base64.getDecoder().decode(body.replace("\n", ""));
        } catch (IllegalArgumentException e) {
            throw damaged(
                    file, "expected base64 in the PEM block " + label + ", found other characters");
        }
    }

    static Problem damaged(Path file, String what) {
        return new Problem(
                ErrorCode.BAD_FILE,
                "cannot read the key %s: %s".formatted(file, what),
                "`backstay key new` makes a new key; copy public keys again from their owner.");
    }
}
