package io.backstay.recovery.archive.store;

import java.io.InputStream;

/// A part while it is read.
///
/// @param in from the offset that was asked for; the caller closes it
/// @param lengthBytes of the whole part
public record StoredBytes(InputStream in, long lengthBytes) {}
