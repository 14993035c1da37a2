package io.backstay.recovery.archive.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/// The objects of one bucket, by their whole keys.
///
/// Errors: [StoreProblem], after as many tries as [S3Access] says. Safe for use by several threads.
final class S3Objects {
    /// One PUT takes 5 GiB at most; a file above this goes up in pieces.
    private static final long WHOLE_BYTES_MAX = 1L << 30;

    private static final int PIECE_BYTES = 64 << 20;
    private static final Duration CONFLICT_PAUSE = Duration.ofMillis(100);

    private final S3Access access;
    private final String bucket;
    private final long wholeBytesMax;
    private final int pieceBytes;

    S3Objects(S3Access access, String bucket) {
        this(access, bucket, WHOLE_BYTES_MAX, PIECE_BYTES);
    }

    /// @param pieceBytes at least 5 MiB, as the store wants it; held in memory one at a time
    S3Objects(S3Access access, String bucket, long wholeBytesMax, int pieceBytes) {
        this.access = access;
        this.bucket = bucket;
        this.wholeBytesMax = wholeBytesMax;
        this.pieceBytes = pieceBytes;
    }

    S3Access access() {
        return access;
    }

    /// @param modified by the store's clock
    record Listed(String key, Instant modified) {}

    /// @param folders names of what is one level further down, without slashes
    /// @param now by the store's clock; null if it does not say
    record Listing(List<Listed> objects, List<String> folders, @Nullable Instant now) {}

    /// Writes a file as an object; what is under that key is replaced. The store holds the bytes
    /// against the digest before it answers.
    void put(String key, Path file, String sha256) {
        run(
                "PUT",
                key,
                () -> {
                    try {
                        if (Files.size(file) > wholeBytesMax) {
                            putInPieces(key, file);
                            return "";
                        }
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                    String digest =
                            Base64.getEncoder().encodeToString(HexFormat.of().parseHex(sha256));
                    client().putObject(b -> b.bucket(bucket).key(key).checksumSHA256(digest), file);
                    return "";
                });
    }

    private void putInPieces(String key, Path file) throws IOException {
        String upload = client().createMultipartUpload(b -> b.bucket(bucket).key(key)).uploadId();
        boolean isWhole = false;
        try (FileChannel channel = FileChannel.open(file)) {
            var done = new ArrayList<CompletedPart>();
            ByteBuffer piece = ByteBuffer.allocate(pieceBytes);
            while (fill(channel, piece)) {
                int number = done.size() + 1;
                byte[] bytes = Arrays.copyOf(piece.array(), piece.position());
                String tag =
                        client().uploadPart(
                                        b ->
                                                b.bucket(bucket)
                                                        .key(key)
                                                        .uploadId(upload)
                                                        .partNumber(number)
                                                        .contentMD5(Digests.md5(bytes)),
                                        RequestBody.fromBytes(bytes))
                                .eTag();
                done.add(CompletedPart.builder().partNumber(number).eTag(tag).build());
            }
            client().completeMultipartUpload(
                            b ->
                                    b.bucket(bucket)
                                            .key(key)
                                            .uploadId(upload)
                                            .multipartUpload(m -> m.parts(done)));
            isWhole = true;
        } finally {
            if (!isWhole) {
                forget(key, upload);
            }
        }
    }

    private static boolean fill(FileChannel channel, ByteBuffer piece) throws IOException {
        piece.clear();
        while (piece.hasRemaining()) {
            if (channel.read(piece) < 0) {
                break;
            }
        }
        return piece.position() > 0;
    }

    /// What remains of an upload that failed costs room in the bucket, nothing else.
    private void forget(String key, String upload) {
        try {
            client().abortMultipartUpload(b -> b.bucket(bucket).key(key).uploadId(upload));
        } catch (SdkException e) {
            return; // the failure before this one is told
        }
    }

    void put(String key, byte[] content) {
        run(
                "PUT",
                key,
                () ->
                        client().putObject(
                                        b ->
                                                b.bucket(bucket)
                                                        .key(key)
                                                        .contentMD5(Digests.md5(content)),
                                        RequestBody.fromBytes(content)));
    }

    /// Writes an object that nobody has written yet; of several who try, one succeeds.
    ///
    /// An answer that got lost is made up for: the object that is there is looked at.
    ///
    /// @return false if there is another one
    boolean create(String key, byte[] content) {
        for (int left = access.tries(); ; left--) {
            try {
                client().putObject(
                                b ->
                                        b.bucket(bucket)
                                                .key(key)
                                                .ifNoneMatch("*")
                                                .contentMD5(Digests.md5(content)),
                                RequestBody.fromBytes(content));
                return true;
            } catch (S3Exception e) {
                if (e.statusCode() == 412) {
                    return find(key).filter(there -> Arrays.equals(there, content)).isPresent();
                }
                // another conditional write to that key is at work
                if (e.statusCode() != 409 || left <= 1) {
                    throw S3Problems.of(e, access, "PUT " + name(key));
                }
                LockSupport.parkNanos(CONFLICT_PAUSE.toNanos());
            } catch (SdkException e) {
                throw S3Problems.of(e, access, "PUT " + name(key));
            }
        }
    }

    Optional<byte[]> find(String key) {
        return run(
                "GET",
                key,
                () -> {
                    try {
                        return Optional.of(
                                client().getObjectAsBytes(b -> b.bucket(bucket).key(key))
                                        .asByteArray());
                    } catch (NoSuchKeyException e) {
                        return Optional.empty();
                    }
                });
    }

    /// An object's bytes from an offset on. The caller closes it, or aborts it before its end.
    ResponseInputStream<GetObjectResponse> get(String key, long from) throws NoSuchFileException {
        GetObjectRequest.Builder request = GetObjectRequest.builder().bucket(bucket).key(key);
        if (from > 0) {
            request.range("bytes=" + from + "-");
        }
        try {
            return client().getObject(request.build());
        } catch (NoSuchKeyException e) {
            throw new NoSuchFileException(name(key));
        } catch (SdkException e) {
            throw S3Problems.of(e, access, "GET " + name(key));
        }
    }

    /// All whose keys begin with a prefix, in the order of their keys.
    ///
    /// @param isDeep also those behind a further slash
    Listing list(String prefix, boolean isDeep) {
        return run(
                "LIST",
                prefix,
                () -> {
                    var objects = new ArrayList<Listed>();
                    var folders = new ArrayList<String>();
                    Instant now = null;
                    String from = null;
                    do {
                        String token = from;
                        var page =
                                client().listObjectsV2(
                                                b ->
                                                        b.bucket(bucket)
                                                                .prefix(prefix)
                                                                .delimiter(isDeep ? null : "/")
                                                                .continuationToken(token));
                        page.contents()
                                .forEach(o -> objects.add(new Listed(o.key(), o.lastModified())));
                        page.commonPrefixes()
                                .forEach(
                                        p ->
                                                folders.add(
                                                        p.prefix()
                                                                .substring(
                                                                        prefix.length(),
                                                                        p.prefix().length() - 1)));
                        now =
                                page.sdkHttpResponse()
                                        .firstMatchingHeader("Date")
                                        .flatMap(S3Objects::time)
                                        .orElse(null);
                        from = page.nextContinuationToken();
                    } while (from != null);
                    objects.sort(Comparator.comparing(Listed::key));
                    return new Listing(objects, folders, now);
                });
    }

    /// What is already gone is no error.
    void delete(String key) {
        run("DELETE", key, () -> client().deleteObject(b -> b.bucket(bucket).key(key)));
    }

    String name(String key) {
        return "s3://" + bucket + "/" + key;
    }

    private S3Client client() {
        return access.client();
    }

    private <T> T run(String verb, String key, Supplier<T> request) {
        try {
            return request.get();
        } catch (SdkException e) {
            throw S3Problems.of(e, access, verb + " " + name(key));
        }
    }

    private static Optional<Instant> time(String header) {
        try {
            return Optional.of(Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(header)));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
