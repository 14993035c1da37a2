package io.backstay.binlog.offence;

import io.backstay.doors.Disk;

/// Breaks the module table on purpose.
final class UsesDoors {
    Disk disk;
}
