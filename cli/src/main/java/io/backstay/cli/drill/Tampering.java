package io.backstay.cli.drill;

import io.backstay.doors.Disk;
import io.backstay.doors.Time;
import io.backstay.ledger.ChainReport;
import io.backstay.ledger.Ledger;
import io.backstay.ledger.LedgerHead;
import io.backstay.ledger.LedgerVerifier;
import io.backstay.ledger.seal.SigningKey;
import io.backstay.ledger.seal.TrustedKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What somebody might do to the controller's chain afterwards, each done to a copy of all chains
/// and held against the heads that were kept elsewhere.
final class Tampering {
    private final Path ledgers;
    private final Path copy;
    private final TrustedKeys trusted;
    private final List<LedgerHead> heads;
    private final Random random;

    /// @param scratch a folder for the copies; deleted after each
    Tampering(Path ledgers, Path scratch, TrustedKeys trusted, List<LedgerHead> heads, long seed) {
        this.ledgers = ledgers;
        this.copy = scratch;
        this.trusted = trusted;
        this.heads = heads;
        this.random = new Random(seed);
    }

    private interface Deed {
        void to(Path chain) throws IOException;
    }

    /// @param found what verification said of it; empty if it said nothing
    record Tried(String what, Optional<String> found) {}

    List<Tried> all(SigningKey stranger) throws IOException {
        return List.of(
                attempt("one byte was changed", this::changeByte),
                attempt("its last entry was cut off", this::cutLast),
                attempt("it was deleted", Files::delete),
                attempt(
                        "it was written anew with the key of another host",
                        chain -> rewrite(chain, stranger)));
    }

    private Tried attempt(String what, Deed deed) throws IOException {
        Disk.folder(copy);
        try (Stream<Path> chains = Files.list(ledgers)) {
            for (Path chain : chains.filter(file -> file.toString().endsWith(".jsonl")).toList()) {
                Disk.writeAtomically(copy.resolve(chain.getFileName()), Files.readAllBytes(chain));
            }
        }
        deed.to(copy.resolve(KeyRing.CONTROLLER + ".jsonl"));
        Optional<String> found =
                LedgerVerifier.verify(copy, trusted, heads).stream()
                        .filter(ChainReport.Broken.class::isInstance)
                        .map(ChainReport.Broken.class::cast)
                        .filter(broken -> broken.writer().equals(KeyRing.CONTROLLER))
                        .map(
                                broken ->
                                        "line %d, %s: %s"
                                                .formatted(
                                                        broken.line(),
                                                        broken.damage(),
                                                        broken.detail()))
                        .findFirst();
        Disk.deleteTree(copy);
        return new Tried(what, found);
    }

    private void changeByte(Path chain) throws IOException {
        byte[] bytes = Files.readAllBytes(chain);
        bytes[random.nextInt(bytes.length)] ^= 1;
        Disk.writeAtomically(chain, bytes);
    }

    /// The last one that the kept heads name: later ones nobody has a word of yet.
    private void cutLast(Path chain) throws IOException {
        long kept =
                heads.stream()
                        .filter(head -> head.writer().equals(KeyRing.CONTROLLER))
                        .mapToLong(LedgerHead::seq)
                        .max()
                        .orElseThrow();
        try (Stream<String> lines = Files.lines(chain)) {
            Disk.writeAtomically(
                    chain, lines.limit(kept - 1).collect(Collectors.joining("\n", "", "\n")));
        }
    }

    private void rewrite(Path chain, SigningKey key) throws IOException {
        Files.delete(chain);
        try (Ledger forged = Ledger.open(copy, KeyRing.CONTROLLER, key, Time.system())) {
            forged.append("rollout.completed", "", null, Map.of());
        }
    }
}
