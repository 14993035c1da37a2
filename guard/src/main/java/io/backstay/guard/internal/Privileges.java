package io.backstay.guard.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// With which rights this process looks. Source: proc(5), `/proc/PID/status`.
final class Privileges {
    private Privileges() {}

    static String own() {
        String uid = "?";
        String capabilities = "?";
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
                if (line.startsWith("Uid:")) {
                    uid = line.split("\\s+")[2];
                } else if (line.startsWith("CapEff:")) {
                    capabilities = line.split("\\s+")[1];
                }
            }
        } catch (IOException e) {
            return "unknown: " + e.getMessage();
        }
        return "uid %s, capabilities %s".formatted(uid, capabilities);
    }
}
