package io.backstay.recovery.archive.store;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Which archive is meant: a folder, or `s3://BUCKET/PREFIX`; and the key, if it is encrypted.
/// Printed as it is written, without the key.
public sealed interface ArchiveAddress {
    /// The store there, whether it holds an archive or not; nothing is asked yet.
    PartStore store();

    /// The key that an archive there is encrypted with; empty for one in the clear.
    Optional<ArchiveKey> key();

    /// Folder of this machine for what belongs to the archive but is no part of it; of an archive
    /// in the clear in a folder, that very folder.
    Path workFolder();

    boolean isFolder();

    static ArchiveAddress of(Path folder) {
        return new Folder(folder, Optional.empty(), folder.toAbsolutePath());
    }

    /// @param endpoint of the object store; null: as the environment of the AWS tools says
    /// @param spool work folder where that is not the archive; null: one under the home folder
    /// @param key null for an archive in the clear
    static ArchiveAddress parse(
            String text, @Nullable URI endpoint, @Nullable Path spool, @Nullable ArchiveKey key) {
        if (text.startsWith("s3:")) {
            return Bucket.parse(text, endpoint, spool, key);
        }
        if (endpoint != null || (spool != null && key == null)) {
            throw new Problem(
                    ErrorCode.USAGE,
                    "--s3-endpoint is for an archive in a bucket, --spool for that and for an encrypted one, found --archive "
                            + text,
                    "leave them out, or write `--archive s3://BUCKET/PREFIX`.");
        }
        Path folder = Path.of(text);
        if (key == null) {
            return of(folder);
        }
        String absolute = folder.toAbsolutePath().normalize().toString();
        return new Folder(folder, Optional.of(key), spoolOr(spool, "folder", absolute));
    }

    private static Path spoolOr(@Nullable Path spool, String word, String address) {
        return spool != null
                ? spool.toAbsolutePath()
                : RunFolder.home().resolve(RunFolder.nameFor(word, address));
    }

    private static PartStore locked(PartStore store, ArchiveAddress address) {
        return address.key()
                .<PartStore>map(key -> new EncryptedStore(store, key, address.workFolder()))
                .orElse(store);
    }

    record Folder(Path path, Optional<ArchiveKey> key, Path workFolder) implements ArchiveAddress {
        @Override
        public PartStore store() {
            return locked(new DirectoryStore(path.toAbsolutePath()), this);
        }

        @Override
        public boolean isFolder() {
            return true;
        }

        @Override
        public String toString() {
            return path.toString();
        }
    }

    /// @param prefix without a slash at its ends; never empty
    /// @param workFolder the spool: see [BucketStore]
    record Bucket(
            String bucket,
            String prefix,
            S3Access access,
            Optional<ArchiveKey> key,
            Path workFolder)
            implements ArchiveAddress {
        private static final Pattern FORM =
                Pattern.compile("s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])/([^/]+(?:/[^/]+)*)/?");

        private static Bucket parse(
                String text,
                @Nullable URI endpoint,
                @Nullable Path spool,
                @Nullable ArchiveKey key) {
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
                    Optional.ofNullable(key),
                    spoolOr(spool, bucket, access + " s3://" + bucket + "/" + prefix));
        }

        public Bucket withAccess(S3Access other) {
            return new Bucket(bucket, prefix, other, key, workFolder);
        }

        public Bucket withKey(ArchiveKey other) {
            return new Bucket(bucket, prefix, access, Optional.of(other), workFolder);
        }

        @Override
        public PartStore store() {
            return locked(new BucketStore(this, new S3Objects(access, bucket)), this);
        }

        @Override
        public boolean isFolder() {
            return false;
        }

        @Override
        public String toString() {
            return "s3://" + bucket + "/" + prefix;
        }
    }
}
