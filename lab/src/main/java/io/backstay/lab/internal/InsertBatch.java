package io.backstay.lab.internal;

import java.sql.SQLException;
import java.sql.Statement;

/// Rows of one table, sent as multi-row inserts; a commit now and then keeps the undo log small.
public final class InsertBatch {
    private static final int STATEMENT_CHARS = 256 * 1024;
    private static final int STATEMENTS_PER_COMMIT = 8;

    private final Statement statement;
    private final String head;
    private final StringBuilder sql = new StringBuilder(STATEMENT_CHARS + 4096);
    private boolean isFirstValue;
    private int statements;

    public InsertBatch(Statement statement, String table) {
        this.statement = statement;
        this.head = "insert into " + table + " values ";
    }

    public void startRow() {
        sql.append(sql.isEmpty() ? head : ",").append('(');
        isFirstValue = true;
    }

    /// @param literal SQL text of one value
    void value(CharSequence literal) {
        if (!isFirstValue) {
            sql.append(',');
        }
        isFirstValue = false;
        sql.append(literal);
    }

    public void endRow() throws SQLException {
        sql.append(')');
        if (sql.length() >= STATEMENT_CHARS) {
            send();
        }
    }

    public void flush() throws SQLException {
        if (!sql.isEmpty()) {
            send();
        }
        statement.getConnection().commit();
    }

    private void send() throws SQLException {
        statement.execute(sql.toString());
        sql.setLength(0);
        if (++statements % STATEMENTS_PER_COMMIT == 0) {
            statement.getConnection().commit();
        }
    }
}
