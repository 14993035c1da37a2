package io.backstay.lab;

import java.nio.file.Path;

/// What [Traffic] is sent where.
///
/// @param folder takes the records, outside of all servers
/// @param transactionsPerSecond of all sessions together
public record TrafficSettings(
        String address,
        int port,
        String user,
        String password,
        Path folder,
        int sessions,
        double transactionsPerSecond,
        long seed) {

    /// Four sessions of `app`, 40 transactions a second.
    public static TrafficSettings of(
            String address, int port, Accounts accounts, Path folder, long seed) {
        return new TrafficSettings(
                address, port, Accounts.APP, accounts.appPassword(), folder, 4, 40, seed);
    }

    @Override
    public String toString() {
        return "TrafficSettings[%s@%s:%d, %d sessions, %s/s]"
                .formatted(user, address, port, sessions, transactionsPerSecond);
    }
}
