package io.backstay.binlog;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Logs that real servers wrote, and what was told of them there: made by
/// `tests/make-binlog-fixtures`. Those of another run: system property `backstay.fixtures`.
public final class LogFixture {
    private LogFixture() {}

    public static Path path(String name) {
        return Path.of(System.getProperty("backstay.fixtures", "src/test/resources/fixtures"))
                .resolve(name);
    }

    public static List<String> lines(String name) {
        try {
            return Files.readAllLines(path(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static byte[] bytes(String name) {
        try {
            return Files.readAllBytes(path(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static List<LoggedEvent> events(String name, EncryptionKeys keys) {
        var events = new ArrayList<LoggedEvent>();
        try (var reader = new LogReader(BinlogFile.open(path(name)), keys)) {
            for (Optional<LoggedEvent> next = reader.next();
                    next.isPresent();
                    next = reader.next()) {
                events.add(next.get());
            }
        }
        return events;
    }
}
