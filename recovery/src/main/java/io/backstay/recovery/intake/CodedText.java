package io.backstay.recovery.intake;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.recovery.rows.RowText;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/// UTF-8 into another character set; what does not fit is an error, never a question mark.
final class CodedText implements FieldText {
    private final Charset charset;
    private final CharsetEncoder encoder;

    CodedText(Charset charset) {
        this.charset = charset;
        encoder =
                charset.newEncoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT);
    }

    @Override
    public void write(byte[] value, int from, int count, RowText out) {
        try {
            CharBuffer text =
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(value, from, count));
            ByteBuffer coded = encoder.encode(text);
            out.append(coded.array(), coded.arrayOffset(), coded.remaining());
        } catch (CharacterCodingException e) {
            throw new Problem(
                    ErrorCode.BAD_FILE,
                    "a text of the dump has no form in the column's character set " + charset,
                    "make the dump with --default-character-set=utf8mb4.",
                    e);
        }
    }
}
