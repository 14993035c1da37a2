package io.backstay.guard.retire;

/// What stands around the server on this host: whoever starts it, whoever sends clients to it.
///
/// Each method is safe to be called again; each throws [io.backstay.doors.Problem] if it failed.
public interface HostServices {

    /// Stops the server as its service.
    ///
    /// @return false if it runs in no service: then it is stopped by SQL
    boolean stop(StartCommand command);

    /// Starts it as it was started before. Does not wait for it to answer.
    void start(StartCommand command);

    /// Tells discovery that no client is to be sent here any more.
    void leaveDiscovery();

    void returnToDiscovery();

    /// What discovery was told, or that there is none; for people.
    String discoverySays();
}
