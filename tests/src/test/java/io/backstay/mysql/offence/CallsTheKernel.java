package io.backstay.mysql.offence;

import java.lang.foreign.Linker;

/// Links a native function outside of doors, on purpose.
final class CallsTheKernel {
    Linker linker;
}
