package io.backstay.ledger.seal;

import io.backstay.doors.Disk;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// The public keys that are believed here, each with the one owner it speaks for.
///
/// A folder of PEM files: `OWNER.pub`, or `OWNER--NAME.pub` where one owner has several. Anything
/// else that ends in `.pub` but is no key is an error. One key with two owners is an error: it
/// would count twice.
public final class TrustedKeys {
    private final Map<String, TrustedKey> byId;

    private TrustedKeys(Map<String, TrustedKey> byId) {
        this.byId = byId;
    }

    /// @param owner a person, a runner, an agent or a controller, by the name of its key file
    public record TrustedKey(String owner, VerifyingKey key) {
        public String id() {
            return key.id();
        }
    }

    /// Trusts nobody.
    public static TrustedKeys none() {
        return new TrustedKeys(Map.of());
    }

    public static TrustedKeys of(Collection<TrustedKey> keys) {
        Map<String, TrustedKey> byId = new LinkedHashMap<>();
        for (TrustedKey key : keys) {
            TrustedKey other = byId.putIfAbsent(key.id(), key);
            if (other != null && !other.owner().equals(key.owner())) {
                throw new Problem(
                        ErrorCode.BAD_FILE,
                        "cannot trust key %s: expected one owner, found %s and %s"
                                .formatted(key.id(), other.owner(), key.owner()),
                        "Every owner needs a key of their own: `backstay key new`.");
            }
        }
        return new TrustedKeys(byId);
    }

    /// These keys and one more.
    public TrustedKeys with(String owner, VerifyingKey key) {
        return of(
                Stream.concat(byId.values().stream(), Stream.of(new TrustedKey(owner, key)))
                        .toList());
    }

    public static TrustedKeys load(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return of(
                    files.filter(file -> file.toString().endsWith(".pub"))
                            .sorted()
                            .map(file -> new TrustedKey(ownerOf(file), VerifyingKey.load(file)))
                            .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Writes `OWNER.pub`, to be read by [#load].
    public static Path save(Path folder, String owner, VerifyingKey key) {
        Path file = Disk.folder(folder).resolve(owner + ".pub");
        Disk.writeAtomically(file, key.pem());
        return file;
    }

    public Optional<TrustedKey> find(String keyId) {
        return Optional.ofNullable(byId.get(keyId));
    }

    public List<TrustedKey> all() {
        return List.copyOf(byId.values());
    }

    private static String ownerOf(Path file) {
        String name = String.valueOf(file.getFileName());
        String stem = name.substring(0, name.length() - ".pub".length());
        int label = stem.indexOf("--");
        return label < 0 ? stem : stem.substring(0, label);
    }
}
