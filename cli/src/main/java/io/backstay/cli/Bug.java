package io.backstay.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// An error that nobody planned for. The trace goes to a file that only its owner reads, never to
/// the screen.
final class Bug {
    private Bug() {}

    static CommandError report(Throwable e) {
        var text = new StringWriter();
        var writer = new PrintWriter(text);
        writer.println("backstay " + Version.NUMBER + ", Java " + Runtime.version());
        e.printStackTrace(writer);
        writer.flush();
        String kind = e.getClass().getSimpleName();
        return new CommandError(
                "bug",
                "backstay failed in a way it should not: " + kind,
                "a bug of ours: report it with the file %s (read it first: it may name your hosts)."
                        .formatted(write(text.toString())),
                70);
    }

    private static Path write(String text) {
        try {
            return Files.writeString(Files.createTempFile("backstay-bug-", ".txt"), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
