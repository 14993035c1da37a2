package io.backstay.recovery.restore.offence;

/// Something that only restore may know.
public final class Restored {}
