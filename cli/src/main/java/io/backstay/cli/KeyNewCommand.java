package io.backstay.cli;

import io.backstay.doors.Disk;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.ledger.seal.SigningKey;
import io.backstay.ledger.seal.TrustedKeys;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "new",
        description =
                "Make a key: OWNER.key, which only its owner may read, and OWNER.pub, which others"
                        + " put among the keys they trust.",
        footer = "%nExit codes: 0 made, 2 the files are there already or the name is odd.")
final class KeyNewCommand implements Callable<Integer> {
    @Mixin private Console console = new Console();

    @Parameters(paramLabel = "OWNER", description = "The person or machine that will sign.")
    private String owner = "";

    @Option(
            names = "--dir",
            paramLabel = "FOLDER",
            description = "Where the files go. Default: the current folder.")
    private Path folder = Path.of("");

    @Override
    public Integer call() {
        if (!owner.matches("[A-Za-z0-9][A-Za-z0-9._@]{0,63}")) {
            throw new Problem(
                    ErrorCode.USAGE,
                    "cannot name an owner `%s`: expected letters, digits and ._@".formatted(owner),
                    "Name a person or a machine.");
        }
        Path secret = Disk.folder(folder.toAbsolutePath()).resolve(owner + ".key");
        if (Files.exists(secret.resolveSibling(owner + ".pub"))) {
            throw new Problem(
                    ErrorCode.USAGE,
                    "cannot make a key of %s: %s.pub exists".formatted(owner, owner),
                    "Choose another folder; a second key of one owner is OWNER--NAME.pub.");
        }
        SigningKey key = SigningKey.create(secret);
        Path trusted = TrustedKeys.save(folder.toAbsolutePath(), owner, key.publicKey());
        console.result(
                "key %s of %s: secret %s, public %s".formatted(key.id(), owner, secret, trusted),
                () ->
                        Map.of(
                                "schemaVersion",
                                1,
                                "id",
                                key.id(),
                                "owner",
                                owner,
                                "secret",
                                secret.toString(),
                                "public",
                                trusted.toString()));
        return 0;
    }
}
