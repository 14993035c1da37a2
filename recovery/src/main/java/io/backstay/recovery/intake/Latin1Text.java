package io.backstay.recovery.intake;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.recovery.rows.RowText;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// UTF-8 into the servers' `latin1`: Windows-1252, with 81, 8D, 8F, 90 and 9D (unused there) as
/// U+0081 and so on. Source: MySQL reference manual, "West European Character Sets".
final class Latin1Text implements FieldText {
    private static final byte[] CODES = new byte[1 << 16];

    static {
        Charset windows = Charset.forName("windows-1252");
        for (int code = 1; code < 256; code++) {
            char c = windows.decode(ByteBuffer.wrap(new byte[] {(byte) code})).get(0);
            CODES[c == '\uFFFD' ? code : c] = (byte) code;
        }
    }

    private byte[] coded = new byte[1 << 10];

    @Override
    public void write(byte[] value, int from, int count, RowText out) {
        int plain = from;
        while (plain < from + count && value[plain] >= 0) {
            plain++;
        }
        if (plain == from + count) {
            out.append(value, from, count);
            return;
        }
        try {
            CharBuffer text =
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(value, from, count));
            if (coded.length < text.length()) {
                coded = Arrays.copyOf(coded, text.length());
            }
            for (int i = 0; i < text.length(); i++) {
                coded[i] = code(text.charAt(i));
            }
            out.append(coded, 0, text.length());
        } catch (CharacterCodingException e) {
            throw unfit(e.toString());
        }
    }

    private static byte code(char c) {
        byte code = CODES[c];
        if (code == 0 && c != 0) {
            throw unfit("U+%04X".formatted((int) c));
        }
        return code;
    }

    private static Problem unfit(String what) {
        return new Problem(
                ErrorCode.BAD_FILE,
                "a text of the dump has no form in the column's character set latin1: " + what,
                "make the dump with --default-character-set=utf8mb4.");
    }
}
