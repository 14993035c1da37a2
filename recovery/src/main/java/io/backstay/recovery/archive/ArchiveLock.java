package io.backstay.recovery.archive;

import io.backstay.recovery.archive.store.StoreLock;

/// One writer's hold on an archive: there is one of each kind (`backup`, `stream`) at a time.
public final class ArchiveLock implements AutoCloseable {
    private final StoreLock lock;

    ArchiveLock(StoreLock lock) {
        this.lock = lock;
    }

    @Override
    public void close() {
        lock.close();
    }
}
