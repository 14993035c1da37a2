package io.backstay.cli;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.recovery.archive.store.ArchiveAddress;
import io.backstay.recovery.archive.store.ArchiveKey;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Which archive a verb is about.
@Command
final class ArchiveOption {
    @Option(
            names = "--archive",
            required = true,
            paramLabel = "DIR|s3://BUCKET/PREFIX",
            description =
                    "The archive: a folder, or a prefix in a bucket that nothing else is under. Credentials and region"
                            + " of S3 are those of the AWS tools (AWS_ACCESS_KEY_ID, AWS_PROFILE, AWS_REGION, ...).")
    private String text = "";

    @Option(
            names = "--s3-endpoint",
            paramLabel = "URL",
            description =
                    "http(s)://HOST:PORT of an object store other than AWS. Default: AWS_ENDPOINT_URL_S3.")
    private @Nullable String endpoint;

    @Option(
            names = "--spool",
            paramLabel = "DIR",
            description =
                    "For a bucket or an encrypted archive: folder of this machine for the segment that is being written"
                            + " and for copies while they are read. Default: a folder under ~/.backstay/spool.")
    private @Nullable Path spool;

    @Option(
            names = "--archive-key",
            paramLabel = "FILE",
            description =
                    "The key of an encrypted archive: 32 random bytes as one line of base64. `backup` and `import`"
                            + " make an archive encrypted with it where there is none yet.")
    private @Nullable Path key;

    ArchiveAddress address() {
        return ArchiveAddress.parse(
                text,
                endpoint == null ? null : uri(endpoint),
                spool,
                key == null ? null : ArchiveKey.load(key));
    }

    private static URI uri(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            // the text stays unsaid: a password may be in it
            throw new Problem(
                    ErrorCode.USAGE,
                    "--s3-endpoint: expected http://HOST:PORT or https://HOST:PORT, found no URL",
                    "write `--s3-endpoint https://HOST:PORT`.",
                    e);
        }
    }
}
