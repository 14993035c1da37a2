package io.backstay.cli.drill;

import io.backstay.doors.Disk;
import io.backstay.ledger.seal.SigningKey;
import io.backstay.ledger.seal.TrustedKeys;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The signing keys of the drill's people and machines, each in a file of its own.
///
/// In life each key lies with its owner; here one folder plays them all.
public final class KeyRing {
    /// Wrote the changes; may not approve them.
    public static final String AUTHOR = "carol";

    /// Approve.
    public static final List<String> APPROVERS = List.of("alice", "bob");

    /// Starts the rollouts; may not approve them.
    public static final String EXECUTOR = "dave";

    /// Sign evidence: who ran the rehearsal, and who looked at what it left.
    public static final String RUNNER = "runner-1";

    public static final String VERIFIER = "verifier-1";
    public static final String CONTROLLER = "controller";

    private final Path folder;

    public KeyRing(Path folder) {
        this.folder = Disk.folder(folder);
    }

    /// Made at its first use.
    public synchronized SigningKey of(String owner) {
        Path file = folder.resolve(owner + ".key");
        if (Files.exists(file)) {
            return SigningKey.load(file);
        }
        SigningKey key = SigningKey.create(file);
        TrustedKeys.save(Disk.folder(folder.resolve("public")), owner, key.publicKey());
        return key;
    }

    public TrustedKeys trusted(List<String> owners) {
        TrustedKeys keys = TrustedKeys.none();
        for (String owner : owners) {
            keys = keys.with(owner, of(owner).publicKey());
        }
        return keys;
    }

    /// Public halves of all keys made so far.
    public Path publicFolder() {
        return folder.resolve("public");
    }
}
