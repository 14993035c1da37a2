package io.backstay.recovery.rows;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import java.util.ArrayList;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// A fixed number of threads that work a queue off. After the first failure no further work is
/// begun, and that failure is thrown once all threads have ended.
public final class Workers {
    private Workers() {}

    public static void run(String name, int threads, Queue<? extends Runnable> queue) {
        var failures = new ConcurrentLinkedQueue<Throwable>();
        var workers = new ArrayList<Thread>();
        for (int i = 0; i < threads; i++) {
            workers.add(
                    Thread.ofPlatform().name(name + "-" + i).start(() -> work(queue, failures)));
        }
        try {
            for (Thread worker : workers) {
                worker.join();
            }
        } catch (InterruptedException e) {
            workers.forEach(Thread::interrupt);
            Thread.currentThread().interrupt();
            throw new Problem(
                    ErrorCode.FAILED, name + " was interrupted", "run the same command again.", e);
        }
        switch (failures.poll()) {
            case null -> {}
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case Throwable e -> throw new IllegalStateException(e);
        }
    }

    private static void work(Queue<? extends Runnable> queue, Queue<Throwable> failures) {
        try {
            while (failures.isEmpty()) {
                Runnable task = queue.poll();
                if (task == null) {
                    return;
                }
                task.run();
            }
        } catch (RuntimeException | Error e) {
            failures.add(e);
        }
    }
}
