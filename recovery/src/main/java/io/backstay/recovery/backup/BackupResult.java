package io.backstay.recovery.backup;

import io.backstay.recovery.archive.BaseDocument;
import io.backstay.recovery.archive.BaseEntry;
import java.time.Duration;

/// A base that has been entered in its archive.
public record BackupResult(BaseEntry base, BaseDocument document, Duration took) {}
