package io.backstay.recovery.lane;

import io.backstay.mysql.Server;
import io.backstay.recovery.fold.OrderedEvent;
import io.backstay.recovery.fold.OrderedLog;
import io.backstay.recovery.fold.StatementMeaning;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The statements of a log on accounts, which [OrderedReplay] leaves out: they run behind all
/// others, when the accounts of the base are there.
public final class LoggedAccounts {
    private LoggedAccounts() {}

    /// Executes the statements on accounts alone.
    ///
    /// @param isKept an account whose statements are left out
    /// @return what was left out or failed, for people
    public static List<String> run(Server server, OrderedLog log, String isKept) {
        var notes = new ArrayList<String>();
        var settings = new SessionSettings(server);
        for (int number = 0; number < log.transactions(); number++) {
            OrderedLog.Transaction transaction = log.transaction(number);
            for (OrderedEvent event : transaction.events()) {
                if (event instanceof OrderedEvent.Statement statement
                        && statement.meaning() == StatementMeaning.ACCOUNT) {
                    account(server, settings, statement, transaction, isKept).ifPresent(notes::add);
                }
            }
        }
        return notes;
    }

    private static Optional<String> account(
            Server server,
            SessionSettings settings,
            OrderedEvent.Statement statement,
            OrderedLog.Transaction transaction,
            String isKept) {
        byte[] bytes = statement.event().toArray(ValueLayout.JAVA_BYTE);
        String at =
                "the account statement at %s:%d, transaction %s,"
                        .formatted(statement.file(), statement.offset(), transaction.gtid());
        var event =
                new StatementEvent(bytes, OrderedReplay.checksumBytes(transaction.format()), at);
        String text = new String(bytes, event.from, event.count, StandardCharsets.UTF_8);
        if (text.contains("'" + isKept + "'@") || text.contains("`" + isKept + "`@")) {
            return Optional.of(
                    at + " was left out: it is on the account that the restore logged in as");
        }
        settings.apply(event);
        try {
            RawQuery.run(server, bytes, event.from, event.count);
            return Optional.empty();
        } catch (SQLException e) {
            return Optional.of(
                    "%s failed with error %d (%s)"
                            .formatted(at, e.getErrorCode(), e.getSQLState()));
        }
    }
}
