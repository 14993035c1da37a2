package io.backstay.binlog.value;

import io.backstay.binlog.Collation;
import io.backstay.binlog.StatementEvent.UserVariable;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.HexFormat;

/// A user variable's value as exact text.
public final class UserVariableText {
    private UserVariableText() {}

    public static ColumnValue of(UserVariable variable) {
        if (variable.value().isEmpty()) {
            return ColumnValue.NULL;
        }
        MemorySegment value = variable.value().get();
        return switch (variable.kind()) {
            case UserVariable.INTEGER -> {
                long number = Numbers.little(value, 0, 8);
                yield ColumnValue.plain(
                        variable.isUnsigned()
                                ? Long.toUnsignedString(number)
                                : Long.toString(number));
            }
            case UserVariable.DOUBLE ->
                    ColumnValue.plain(
                            Numbers.floating(Double.longBitsToDouble(Numbers.little(value, 0, 8))));
            case UserVariable.DECIMAL -> decimal(value);
            default -> text(variable, value);
        };
    }

    private static ColumnValue decimal(MemorySegment value) {
        if (value.byteSize() >= 2) {
            int precision = (int) Numbers.little(value, 0, 1);
            int scale = (int) Numbers.little(value, 1, 1);
            if (precision >= 1
                    && precision <= 65
                    && scale <= precision
                    && DecimalValue.lengthBytes(precision, scale) == value.byteSize() - 2) {
                return ColumnValue.plain(DecimalValue.text(value, 2, precision, scale));
            }
        }
        return hex(value);
    }

    private static ColumnValue text(UserVariable variable, MemorySegment value) {
        var charset = Collation.find(variable.collation()).flatMap(Collation::charset);
        if (charset.isEmpty()) {
            return hex(value);
        }
        try {
            byte[] bytes = value.toArray(ValueLayout.JAVA_BYTE);
            return ColumnValue.text(
                    charset.get().newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
        } catch (CharacterCodingException _) {
            return hex(value);
        }
    }

    private static ColumnValue hex(MemorySegment value) {
        return new ColumnValue(
                ColumnValue.Kind.HEX,
                HexFormat.of().formatHex(value.toArray(ValueLayout.JAVA_BYTE)));
    }
}
