package io.backstay.recovery.restore;

import io.backstay.mysql.Server;
import io.backstay.recovery.rows.Workers;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BiConsumer;

/// Work on several tables at once, each in a session of its own.
final class LoadSessions {
    private LoadSessions() {}

    /// Returns when all is done; errors: the first of any.
    static void run(
            RestoreRequest request, List<TableLoad> loads, BiConsumer<Server, TableLoad> work) {
        int threads = Math.max(1, Math.min(request.threads(), loads.size()));
        var sessions = new ConcurrentLinkedQueue<Server>();
        try {
            for (int i = 0; i < threads; i++) {
                Server session = Server.connect(request.target());
                sessions.add(session);
                LoadData.prepare(session);
            }
            List<Server> all = List.copyOf(sessions);
            var queue = new ConcurrentLinkedQueue<Runnable>();
            for (TableLoad load : loads) {
                queue.add(
                        () -> {
                            Server session = sessions.remove();
                            try {
                                work.accept(session, load);
                            } finally {
                                sessions.add(session);
                            }
                        });
            }
            Workers.run("restore", threads, queue);
            all.forEach(Server::close);
        } finally {
            sessions.forEach(Server::close);
        }
    }
}
