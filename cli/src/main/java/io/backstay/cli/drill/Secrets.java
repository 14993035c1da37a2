package io.backstay.cli.drill;

import io.backstay.doors.Disk;
import io.backstay.lab.Accounts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/// The passwords of a drill's database accounts, each also in a file of its own for
/// `?password-file=`.
///
/// @param accounts those every server has
/// @param witness may look at everything and change nothing: for guards that ask their peers
/// @param monitor may log in and see nothing: for the user's own scripts
public record Secrets(Accounts accounts, String witness, String monitor) {
    public static final String WITNESS = "witness";
    public static final String MONITOR = "monitor";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /// Drawn at the first start of a drill, read again at a later one.
    public static Secrets of(DrillFolders folders) {
        Path file = folders.accounts();
        if (!Files.exists(file)) {
            Accounts accounts = Accounts.random();
            Disk.writeAtomically(
                    file,
                    JSON.writeValueAsString(
                            Map.of(
                                    "root", accounts.rootPassword(),
                                    "app", accounts.appPassword(),
                                    "repl", accounts.replPassword(),
                                    "witness", random(),
                                    "monitor", random())));
        }
        var tree = JSON.readTree(Disk.readText(file));
        Path folder = Disk.folder(folders.root().resolve("passwords"));
        for (var property : tree.properties()) {
            Disk.writeAtomically(folder.resolve(property.getKey()), property.getValue().asString());
        }
        return new Secrets(
                new Accounts(
                        tree.path("root").asString(),
                        tree.path("app").asString(),
                        tree.path("repl").asString()),
                tree.path("witness").asString(),
                tree.path("monitor").asString());
    }

    /// File with an account's password as its first line.
    public static Path file(DrillFolders folders, String account) {
        return folders.root().resolve("passwords").resolve(account);
    }

    @Override
    public String toString() {
        return "Secrets[]";
    }

    private static String random() {
        byte[] bytes = new byte[16];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
