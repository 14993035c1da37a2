package io.backstay.lab;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Many small transactions over the schema `shop` as fast as a server takes them, to fill a binary
/// log: one insert, two updates and one delete each, a few rows hit again and again.
///
/// The loop runs in the server, in anonymous compound statements: no round trips. Sessions keep out
/// of each other's way as in [Traffic], with which it may run at the same time.
///
/// @param rowEvents at least so many
/// @param skew 1 for an even choice of customers and products; 4 hits a few of them most of the
///   time
public record Burst(long rowEvents, int sessions, int skew, long seed) {
    private static final long ROW_EVENTS_PER_TRANSACTION = 4;
    private static final int TRANSACTIONS_PER_CALL = 1_000;

    /// Orders of a burst are deleted this many transactions later.
    private static final int KEPT = 100;

    private static final long FIRST_ID = 1L << 61;
    private static final long IDS_PER_SESSION = 1L << 40;

    /// 300,000 row events of three sessions, skewed.
    public static Burst standard(long seed) {
        return new Burst(300_000, 3, 4, seed);
    }

    /// What was written, as the server counted it.
    public record Counts(
            long transactions, long inserts, long updates, long deletes, Duration took) {

        public long rowEvents() {
            return inserts + updates + deletes;
        }

        private Counts plus(Counts other) {
            return new Counts(
                    transactions + other.transactions,
                    inserts + other.inserts,
                    updates + other.updates,
                    deletes + other.deletes,
                    took);
        }
    }

    /// Opens one more session to the server under load.
    @FunctionalInterface
    public interface Door {
        Connection connect() throws SQLException;
    }

    /// Returns when all is committed. The first error of any session is thrown.
    public Counts run(Door door) throws SQLException {
        long startNanos = System.nanoTime();
        Shape shape = Shape.of(door);
        long transactionsEach = Math.ceilDiv(rowEvents, ROW_EVENTS_PER_TRANSACTION * sessions);
        Counts sum = new Counts(0, 0, 0, 0, Duration.ZERO);
        try (ExecutorService threads = Executors.newFixedThreadPool(sessions)) {
            List<Future<Counts>> parts = new ArrayList<>();
            for (int session = 0; session < sessions; session++) {
                int number = session;
                parts.add(threads.submit(() -> runSession(door, shape, number, transactionsEach)));
            }
            for (Future<Counts> part : parts) {
                sum = sum.plus(part.get());
            }
        } catch (ExecutionException e) {
            throw new SQLException("burst failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted during a burst", e);
        }
        return new Counts(
                sum.transactions,
                sum.inserts,
                sum.updates,
                sum.deletes,
                Duration.ofNanos(System.nanoTime() - startNanos));
    }

    private record Shape(long customers, long products, long firstId) {
        static Shape of(Door door) throws SQLException {
            try (Connection connection = door.connect()) {
                return new Shape(
                        Sql.number(
                                connection,
                                "select max(id) from shop.customer where id < 4000000000"),
                        Sql.number(connection, "select max(id) from shop.product"),
                        1
                                + Sql.number(
                                        connection,
                                        "select coalesce(max(id), %d) from shop.orders where id >= %d"
                                                .formatted(FIRST_ID, FIRST_ID)));
            }
        }
    }

    private Counts runSession(Door door, Shape shape, int session, long transactions)
            throws SQLException {
        Counts sum = new Counts(0, 0, 0, 0, Duration.ZERO);
        try (Connection connection = door.connect();
                Statement statement = connection.createStatement()) {
            connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
            statement.execute("do rand(" + (seed + session) + ")");
            for (long from = 0; from < transactions; from += TRANSACTIONS_PER_CALL) {
                long to = Math.min(transactions, from + TRANSACTIONS_PER_CALL);
                sum = sum.plus(runBlock(statement, block(shape, session, from, to), to - from));
            }
        }
        return sum;
    }

    private String block(Shape shape, int session, long from, long to) {
        long base = shape.firstId + session * IDS_PER_SESSION;
        long customersEach = Math.max(1, (shape.customers - 1 - session) / sessions);
        long productsEach = Math.max(1, (shape.products - 1 - session) / sessions);
        return """
            begin not atomic
              declare i bigint default %d;
              declare p, c bigint;
              declare inserted, updated, deleted bigint default 0;
              while i < %d do
                set c = 1 + %d + %d * floor(pow(rand(), %d) * %d);
                set p = 1 + %d + %d * floor(pow(rand(), %d) * %d);
                start transaction;
                update shop.customer set credit = if(credit > 0, credit - 0.01, credit + 0.01) where id = c;
                set updated = updated + row_count();
                update shop.product set stock = stock + 1 where id = p;
                set updated = updated + row_count();
                insert into shop.orders values (%d + i, c, now(6), 'new', i / 16, 'burst 🌊');
                set inserted = inserted + row_count();
                if i < %d then
                  update shop.orders set state = 'paid' where id = %d + i;
                  set updated = updated + row_count();
                else
                  delete from shop.orders where id = %d + i - %d;
                  set deleted = deleted + row_count();
                end if;
                commit;
                set i = i + 1;
              end while;
              select inserted, updated, deleted;
            end"""
                .formatted(
                        from,
                        to,
                        session,
                        sessions,
                        skew,
                        customersEach,
                        session,
                        sessions,
                        skew,
                        productsEach,
                        base,
                        KEPT,
                        base,
                        base,
                        KEPT);
    }

    private static Counts runBlock(Statement statement, String block, long transactions)
            throws SQLException {
        boolean isResult = statement.execute(block);
        while (!isResult && statement.getUpdateCount() != -1) {
            isResult = statement.getMoreResults();
        }
        try (ResultSet row = statement.getResultSet()) {
            row.next();
            return new Counts(
                    transactions, row.getLong(1), row.getLong(2), row.getLong(3), Duration.ZERO);
        }
    }
}
