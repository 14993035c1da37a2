package io.backstay.lab;

/// How a replica stands, as `SHOW SLAVE STATUS` says it.
///
/// @param source `address:port` it follows
/// @param receives the I/O thread is connected and reading
/// @param applies the SQL thread is running
/// @param lagSeconds -1 where the server does not know: never to be read as "no lag"
/// @param lastError of either thread; empty for none
public record ReplicaStatus(
        String source, boolean receives, boolean applies, long lagSeconds, String lastError) {

    public boolean isRunning() {
        return receives && applies && lastError.isEmpty();
    }
}
