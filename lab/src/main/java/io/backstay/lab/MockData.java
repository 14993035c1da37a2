package io.backstay.lab;

import io.backstay.lab.internal.InsertBatch;
import io.backstay.lab.internal.RandomValues;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/// The schema `shop` with made-up rows: the same seed gives the same rows.
///
/// Seven tables with foreign keys (none cascades: a cascade is not in the binary log), keys of
/// integers, dates and bytes, text only outside of keys, and most column types; edge values and
/// NULLs among them.
///
/// @param rows of all tables together, at least 100
public record MockData(long seed, int rows) {
    private static final List<String> SCHEMA =
            List.of(
                    "create database shop character set utf8mb4 collate utf8mb4_general_ci",
                    """
                    create table shop.customer (
                      id int unsigned not null primary key,
                      name varchar(80) not null,
                      email varchar(120) not null,
                      kind enum('private','business','staff') not null,
                      wishes set('news','vip','blocked','tax-free') not null,
                      born date null,
                      credit decimal(12,2) not null,
                      score double null,
                      rating float null,
                      marks bit(12) not null,
                      profile json null,
                      created datetime(6) not null,
                      seen timestamp null default null,
                      key by_email (email)
                    ) engine=innodb""",
                    """
                    create table shop.product (
                      id bigint unsigned not null primary key,
                      name varchar(120) not null,
                      description text null,
                      picture blob null,
                      price decimal(10,2) not null,
                      stock int not null,
                      weight double not null
                    ) engine=innodb""",
                    """
                    create table shop.price_history (
                      product_id bigint unsigned not null,
                      valid_from date not null,
                      price decimal(10,2) not null,
                      reason tinytext null,
                      primary key (product_id, valid_from),
                      foreign key (product_id) references shop.product (id)
                    ) engine=innodb""",
                    """
                    create table shop.device (
                      token binary(16) not null primary key,
                      customer_id int unsigned not null,
                      model varchar(60) null,
                      seen timestamp(3) null default null,
                      counter bigint not null,
                      raw varbinary(300) null,
                      foreign key (customer_id) references shop.customer (id)
                    ) engine=innodb""",
                    """
                    create table shop.orders (
                      id bigint unsigned not null primary key,
                      customer_id int unsigned not null,
                      placed datetime(6) not null,
                      state enum('new','paid','sent','returned') not null,
                      total decimal(14,4) not null,
                      note varchar(200) null,
                      foreign key (customer_id) references shop.customer (id)
                    ) engine=innodb""",
                    """
                    create table shop.order_line (
                      order_id bigint unsigned not null,
                      line_no smallint unsigned not null,
                      product_id bigint unsigned not null,
                      quantity mediumint not null,
                      price decimal(10,2) not null,
                      gift bit(1) not null,
                      primary key (order_id, line_no),
                      foreign key (order_id) references shop.orders (id),
                      foreign key (product_id) references shop.product (id)
                    ) engine=innodb""",
                    """
                    create table shop.journal (
                      id bigint not null primary key,
                      session int not null,
                      seq bigint not null,
                      written datetime(6) not null
                    ) engine=innodb""");

    public MockData {
        if (rows < 100) {
            throw new IllegalArgumentException("at least 100 rows: " + rows);
        }
    }

    public int customers() {
        return rows * 15 / 100;
    }

    public int products() {
        return rows * 5 / 100;
    }

    /// Creates the schema and fills it, keys checked. `shop.journal` stays empty.
    ///
    /// @param root a session that may create schemas
    /// @return rows by table
    public Map<String, Integer> load(Connection root) throws SQLException {
        boolean autoCommit = root.getAutoCommit();
        try (Statement statement = root.createStatement()) {
            statement.execute("set time_zone = '+00:00'");
            for (String sql : SCHEMA) {
                statement.execute(sql);
            }
            root.setAutoCommit(false);
            Map<String, Integer> counts = fill(statement);
            root.commit();
            return counts;
        } finally {
            root.setAutoCommit(autoCommit);
        }
    }

    private Map<String, Integer> fill(Statement statement) throws SQLException {
        int devices = rows * 5 / 100;
        int histories = rows * 10 / 100;
        int orders = rows * 25 / 100;
        int lines = rows - customers() - products() - devices - histories - orders;
        Map<String, Integer> counts = new LinkedHashMap<>();
        counts.put("customer", customers());
        fillTable(statement, "customer", customers(), this::customer);
        counts.put("product", products());
        fillTable(statement, "product", products(), this::product);
        counts.put("price_history", histories);
        fillTable(statement, "price_history", histories, this::price);
        counts.put("device", devices);
        fillTable(statement, "device", devices, this::device);
        counts.put("orders", orders);
        fillTable(statement, "orders", orders, this::order);
        counts.put("order_line", lines);
        fillTable(statement, "order_line", lines, (i, values) -> line(i, orders, values));
        return counts;
    }

    private interface Row {
        void write(int index, RandomValues values);
    }

    private void fillTable(Statement statement, String table, int count, Row row)
            throws SQLException {
        InsertBatch batch = new InsertBatch(statement, "shop." + table);
        RandomValues values =
                new RandomValues(new SplittableRandom(seed * 31 + table.hashCode()), batch);
        for (int i = 0; i < count; i++) {
            batch.startRow();
            row.write(i, values);
            batch.endRow();
        }
        batch.flush();
    }

    private void customer(int i, RandomValues v) {
        // the last key is the type's largest
        v.number(i == customers() - 1 ? 4_294_967_295L : i + 1);
        v.text(1, 40);
        v.plain("c" + i + "@example.org");
        v.oneOf("private", "business", "staff");
        v.someOf("news", "vip", "blocked", "tax-free");
        v.dateOrNull(i);
        v.decimal(i == 0 ? -999_999_999_999L : v.whole(-1_000_000, 100_000_000), 2);
        v.doubleOrNull(i);
        v.floatOrNull(i);
        v.bits(12);
        v.jsonOrNull(i);
        v.dateTime(6);
        v.timestampOrNull(i, 0);
    }

    private void product(int i, RandomValues v) {
        v.number(i + 1);
        v.text(1, 60);
        v.textOrNull(i, 0, 300);
        v.bytesOrNull(i, 400);
        v.decimal(v.whole(1, 99_999), 2);
        v.number(v.whole(0, 1000));
        v.exact(v.whole(1, 1_000_000) / 64.0);
    }

    private void price(int i, RandomValues v) {
        v.number(i % products() + 1);
        v.date(i / products() * 37 + i % 29);
        v.decimal(v.whole(1, 99_999), 2);
        v.textOrNull(i, 0, 30);
    }

    private void device(int i, RandomValues v) {
        v.token(i);
        v.number(v.whole(1, customers() - 1));
        v.textOrNull(i, 0, 30);
        v.timestampOrNull(i, 3);
        v.number(i == 1 ? Long.MIN_VALUE : i == 2 ? Long.MAX_VALUE : v.whole(-1000, 1_000_000));
        v.bytesOrNull(i, 300);
    }

    private void order(int i, RandomValues v) {
        v.number(i + 1);
        v.number(v.whole(1, customers() - 1));
        v.dateTime(6);
        v.oneOf("new", "paid", "sent", "returned");
        v.decimal(v.whole(0, 99_999_999), 4);
        v.textOrNull(i, 0, 60);
    }

    private void line(int i, int orders, RandomValues v) {
        v.number(i % orders + 1);
        v.number(i / orders + 1);
        v.number(v.whole(1, products()));
        v.number(i == 0 ? -8_388_608 : v.whole(1, 50));
        v.decimal(v.whole(1, 99_999), 2);
        v.bits(1);
    }
}
