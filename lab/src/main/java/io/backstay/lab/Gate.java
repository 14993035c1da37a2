package io.backstay.lab;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Lets transactions begin, holds them back, or ends them for good; knows how many are under way.
final class Gate {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean isClosed;
    private boolean isOver;
    private int inside;

    /// Waits while closed.
    ///
    /// @return false if nothing shall begin any more
    boolean enter() {
        lock.lock();
        try {
            while (isClosed && !isOver) {
                changed.awaitUninterruptibly();
            }
            if (!isOver) {
                inside++;
            }
            return !isOver;
        } finally {
            lock.unlock();
        }
    }

    void leave() {
        lock.lock();
        try {
            inside--;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Returns when nobody is inside; nobody enters until [#open].
    void close() {
        lock.lock();
        try {
            isClosed = true;
            while (inside > 0) {
                changed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    void open() {
        lock.lock();
        try {
            isClosed = false;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void end() {
        lock.lock();
        try {
            isOver = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    boolean isOver() {
        lock.lock();
        try {
            return isOver;
        } finally {
            lock.unlock();
        }
    }
}
