package io.backstay.lab;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.SplittableRandom;

/// The transactions of one traffic session over the schema `shop`.
///
/// Sessions never wait for each other: each keeps to customers and products of its own residue
/// class, and to orders and devices it made itself; locks are taken in one order, customer,
/// product, order.
final class ShopWork {
    private static final int OWN_ORDERS_MAX = 200;

    private final int session;
    private final int sessions;
    private final SplittableRandom random;
    private final Deque<Long> ownOrders = new ArrayDeque<>();
    private long customers;
    private long products;
    private long seq;
    private int ordersToForget;
    private long orderMade;

    ShopWork(int session, int sessions, long seed) {
        this.session = session;
        this.sessions = sessions;
        this.random = new SplittableRandom(seed * 1_000_003 + session);
    }

    /// Prepares a new connection.
    void begin(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        // no gap locks: a row that is not there blocks nobody
        connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
        if (customers == 0) {
            products = Sql.number(connection, "select max(id) from shop.product");
            customers =
                    Sql.number(
                            connection, "select max(id) from shop.customer where id < 4000000000");
            connection.commit();
        }
    }

    /// All statements of one transaction but its COMMIT.
    ///
    /// @param id new; names the row in `shop.journal`, and what else is made
    void run(Connection connection, long id) throws SQLException {
        ordersToForget = 0;
        orderMade = 0;
        try (Statement statement = connection.createStatement()) {
            int dice = random.nextInt(10);
            if (ownOrders.isEmpty() || dice < 4) {
                newOrder(statement, id);
            } else if (dice < 7) {
                changeOrder(statement);
            } else if (dice < 9 || ownOrders.size() > OWN_ORDERS_MAX) {
                deleteOrder(statement);
            } else {
                device(statement, id);
            }
            statement.executeUpdate(
                    "insert into shop.journal values (%d, %d, %d, now(6))"
                            .formatted(id, session, ++seq));
        }
    }

    /// The last transaction was acknowledged: its order can be worked on.
    void acknowledged() {
        for (int i = 0; i < ordersToForget; i++) {
            ownOrders.removeFirst();
        }
        if (orderMade != 0) {
            ownOrders.addLast(orderMade);
        }
    }

    private void newOrder(Statement statement, long id) throws SQLException {
        long customer = own(customers);
        long product = own(products);
        // towards zero: mock data holds the ends of the range too
        statement.executeUpdate(
                "update shop.customer set credit = if(credit > 0, credit - 1.25, credit + 1.25), seen = now() where id = "
                        + customer);
        statement.executeUpdate("update shop.product set stock = stock - 1 where id = " + product);
        statement.executeUpdate(
                "insert into shop.orders values (%d, %d, now(6), 'new', %d.0625, '%s')"
                        .formatted(id, customer, random.nextInt(10_000), "sent by 🚚 " + session));
        int lines = random.nextInt(1, 4);
        for (int line = 1; line <= lines; line++) {
            statement.executeUpdate(
                    "insert into shop.order_line values (%d, %d, %d, %d, 9.95, b'%d')"
                            .formatted(id, line, product, random.nextInt(1, 9), random.nextInt(2)));
        }
        orderMade = id;
    }

    private void changeOrder(Statement statement) throws SQLException {
        long order = ownOrders.getLast();
        statement.executeUpdate(
                "update shop.orders set state = 'paid', total = total + 0.5, note = null where id = "
                        + order);
        statement.executeUpdate(
                "update shop.order_line set quantity = quantity + 1 where order_id = " + order);
    }

    private void deleteOrder(Statement statement) throws SQLException {
        long order = ownOrders.getFirst();
        statement.executeUpdate("delete from shop.order_line where order_id = " + order);
        statement.executeUpdate("delete from shop.orders where id = " + order);
        ordersToForget = 1;
    }

    private void device(Statement statement, long id) throws SQLException {
        statement.executeUpdate(
                "insert into shop.device values (x'%s%s', %d, 'model ñ', now(3), %d, x'00ff')"
                        .formatted(
                                HexFormat.of().toHexDigits(id),
                                HexFormat.of().toHexDigits((long) session),
                                own(customers),
                                seq));
    }

    /// A key of 1 to `max` that no other session uses.
    private long own(long max) {
        long ofThisSession = (max - 1 - session) / sessions + 1;
        return 1 + session + sessions * random.nextLong(Math.max(1, ofThisSession));
    }
}
