package io.backstay.guard.internal.offence;

/// Something that only guard may know.
public final class Hidden {}
