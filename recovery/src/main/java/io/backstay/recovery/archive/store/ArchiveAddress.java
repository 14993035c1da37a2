package io.backstay.recovery.archive.store;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Which archive is meant: a folder, or `s3://BUCKET/PREFIX`. Printed as it is written.
public sealed interface ArchiveAddress {
    /// The store there, whether it holds an archive or not; nothing is asked yet.
    PartStore store();

    /// Folder of this machine for what belongs to the archive but is no part of it.
    Path workFolder();

    static ArchiveAddress of(Path folder) {
        return new Folder(folder);
    }

    /// @param endpoint of the object store; null: as the environment of the AWS tools says
    /// @param spool folder for what is on its way to a bucket; null: one of its own under the home
    ///   folder
    static ArchiveAddress parse(String text, @Nullable URI endpoint, @Nullable Path spool) {
        if (text.startsWith("s3:")) {
            return Bucket.parse(text, endpoint, spool);
        }
        if (endpoint != null || spool != null) {
            throw new Problem(
                    ErrorCode.USAGE,
                    "--s3-endpoint and --spool are for an archive in a bucket, found --archive "
                            + text,
                    "leave them out, or write `--archive s3://BUCKET/PREFIX`.");
        }
        return of(Path.of(text));
    }

    record Folder(Path path) implements ArchiveAddress {
        @Override
        public PartStore store() {
            return new DirectoryStore(path.toAbsolutePath());
        }

        @Override
        public Path workFolder() {
            return path.toAbsolutePath();
        }

        @Override
        public String toString() {
            return path.toString();
        }
    }

    /// @param prefix without a slash at its ends; never empty
    /// @param spool see [BucketStore]
    record Bucket(String bucket, String prefix, S3Access access, Path spool)
            implements ArchiveAddress {
        private static final Pattern FORM =
                Pattern.compile("s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])/([^/]+(?:/[^/]+)*)/?");

        private static Bucket parse(String text, @Nullable URI endpoint, @Nullable Path spool) {
            Matcher parts = FORM.matcher(text);
            if (!parts.matches()) {
                throw new Problem(
                        ErrorCode.USAGE,
                        "--archive: expected s3://BUCKET/PREFIX, found '" + text + "'",
                        "name a bucket and, in it, a prefix for this archive alone: `s3://backups/shop`.");
            }
            S3Access access = S3Access.of(Optional.ofNullable(endpoint));
            String bucket = parts.group(1);
            String prefix = parts.group(2);
            return new Bucket(
                    bucket,
                    prefix,
                    access,
                    spool != null
                            ? spool.toAbsolutePath()
                            : RunFolder.home()
                                    .resolve(
                                            RunFolder.nameFor(
                                                    bucket,
                                                    access + " s3://" + bucket + "/" + prefix)));
        }

        public Bucket withAccess(S3Access other) {
            return new Bucket(bucket, prefix, other, spool);
        }

        @Override
        public PartStore store() {
            return new BucketStore(this, new S3Objects(access, bucket));
        }

        @Override
        public Path workFolder() {
            return spool;
        }

        @Override
        public String toString() {
            return "s3://" + bucket + "/" + prefix;
        }
    }
}
