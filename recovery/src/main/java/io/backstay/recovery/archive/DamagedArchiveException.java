package io.backstay.recovery.archive;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;

/// Bytes of an archive are not what was written: part, byte, expected, found. Never caught to
/// continue.
public final class DamagedArchiveException extends Problem {
    private static final long serialVersionUID = 1L;

    private final transient Damage damage;

    public DamagedArchiveException(Damage damage) {
        super(
                ErrorCode.BAD_FILE,
                damage.toString(),
                "run `backstay archive verify --archive DIR` to see every damaged part; restore from another"
                        + " base or another copy of the archive.");
        this.damage = damage;
    }

    public Damage damage() {
        return damage;
    }

    /// What is wrong in one part.
    ///
    /// @param part path within the archive
    /// @param byteOffset where in the part the damage begins, or begins at the earliest; -1 where
    ///   no byte can be named
    public record Damage(String part, long byteOffset, String expected, String found) {
        @Override
        public String toString() {
            return "damaged archive: "
                    + part
                    + (byteOffset < 0 ? "" : " at byte " + byteOffset)
                    + ": expected "
                    + expected
                    + ", found "
                    + found;
        }
    }
}
