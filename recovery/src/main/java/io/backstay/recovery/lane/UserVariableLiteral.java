package io.backstay.recovery.lane;

import io.backstay.binlog.value.DecimalValue;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// A user variable's logged value as an SQL literal.
final class UserVariableLiteral {
    private UserVariableLiteral() {}

    /// @param type 1 DOUBLE, 2 integer, 4 DECIMAL (precision and scale, a byte each, then packed);
    ///   text is the caller's
    static String of(int type, byte[] value, boolean isUnsigned) {
        return switch (type) {
            case 0 -> "";
            case 1 -> {
                double number = ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN).getDouble();
                String text = Double.toString(number);
                yield text.contains("E") ? text : text + "e0";
            }
            case 2 -> {
                long number = ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN).getLong();
                yield isUnsigned
                        ? "CAST(" + Long.toUnsignedString(number) + " AS UNSIGNED)"
                        : number == Long.MIN_VALUE
                                ? "CAST('-9223372036854775808' AS SIGNED)"
                                : Long.toString(number);
            }
            case 4 -> DecimalValue.text(MemorySegment.ofArray(value), 2, value[0], value[1]);
            default -> throw new IllegalArgumentException("user variable of the type " + type);
        };
    }
}
