package io.backstay.recovery.archive.store;

import io.backstay.doors.Disk;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.blobstore.ForwardingBlobStore;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/// A real S3 server in this JVM (s3proxy over a folder), with one bucket and faults on request.
public final class S3Lab implements AutoCloseable {
    public static final String BUCKET = "backups";
    static final String SECRET = "word-that-is-not-to-be-seen";
    private static final String ID = "lab";

    public final Path folder;
    public final Faults faults;
    private final S3Proxy server;

    public S3Lab() {
        System.setProperty("aws.accessKeyId", ID);
        System.setProperty("aws.secretAccessKey", SECRET);
        System.setProperty("aws.region", "us-east-1");
        try {
            folder = Files.createTempDirectory("s3lab");
            Files.createDirectories(folder.resolve("objects").resolve(BUCKET));
            faults = new Faults(folder.resolve("objects"));
            server =
                    S3Proxy.builder()
                            .blobStore(faults)
                            .awsAuthentication(AuthenticationType.AWS_V4, ID, SECRET)
                            .endpoint(URI.create("http://127.0.0.1:0"))
                            .stopTimeout(0)
                            .build();
            server.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getPort());
    }

    public ArchiveAddress.Bucket address(String prefix) {
        return address(BUCKET, prefix);
    }

    /// The same as another machine with a spool of its own says it.
    public ArchiveAddress elsewhere(String prefix) {
        return ArchiveAddress.parse(
                "s3://" + BUCKET + "/" + prefix, endpoint(), folder.resolve("elsewhere"), null);
    }

    ArchiveAddress.Bucket address(String bucket, String prefix) {
        return (ArchiveAddress.Bucket)
                ArchiveAddress.parse(
                        "s3://" + bucket + "/" + prefix, endpoint(), folder.resolve("spool"), null);
    }

    S3Access access() {
        return S3Access.of(Optional.of(endpoint()));
    }

    /// Where the bytes of an object are on this disk.
    public Path object(String key) {
        return folder.resolve("objects").resolve(BUCKET).resolve(key);
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        Disk.deleteTree(folder);
    }

    /// What goes wrong between the server and its disk.
    public static final class Faults extends ForwardingBlobStore {
        private final AtomicInteger requests = new AtomicInteger();

        /// Every so many requests one is answered 503; 0: none, 1: all.
        public volatile int slowDownEvery;

        /// So many GETs of chunks and segments more break off in their middle.
        public final AtomicInteger cuts = new AtomicInteger();

        /// So many GETs of chunks and segments more have a byte changed in their middle.
        public final AtomicInteger flips = new AtomicInteger();

        /// So many conditional PUTs more are carried out and then answered 503.
        public final AtomicInteger lostAnswers = new AtomicInteger();

        /// Each PUT of a segment is answered 503.
        public volatile boolean areSegmentsRefused;

        public volatile boolean isConditionIgnored;
        public final AtomicInteger refused = new AtomicInteger();

        Faults(Path folder) {
            super(new FilesystemNio2BlobStore(folder.toString()));
        }

        private void count() {
            if (isRefused("")) {
                throw slowDown();
            }
        }

        private boolean isRefused(String key) {
            int every = slowDownEvery;
            boolean isRefused =
                    (every > 0 && requests.incrementAndGet() % every == 0)
                            || (areSegmentsRefused && key.endsWith(".binlog"));
            if (isRefused) {
                refused.incrementAndGet();
            }
            return isRefused;
        }

        private static void drain(InputStream in) {
            try {
                in.transferTo(OutputStream.nullOutputStream());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static AwsServiceException slowDown() {
            return S3Exception.builder()
                    .statusCode(503)
                    .awsErrorDetails(
                            AwsErrorDetails.builder()
                                    .errorCode("SlowDown")
                                    .errorMessage("Please reduce your request rate.")
                                    .build())
                    .message("SlowDown")
                    .build();
        }

        /// s3proxy looks and writes in two steps, S3 in one.
        @Override
        public PutObjectResponse putBlob(PutObjectRequest request, InputStream in) {
            if (isRefused(request.key())) {
                drain(in); // an answer before that may be taken for a cut connection
                throw slowDown();
            }
            if (request.ifNoneMatch() == null) {
                return super.putBlob(request, in);
            }
            PutObjectResponse answer;
            synchronized (this) {
                answer =
                        super.putBlob(
                                isConditionIgnored
                                        ? request.toBuilder().ifNoneMatch(null).build()
                                        : request,
                                in);
            }
            if (lostAnswers.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
                throw slowDown();
            }
            return answer;
        }

        @Override
        public ListObjectsV2Response list(ListObjectsV2Request request) {
            count();
            return super.list(request);
        }

        @Override
        public ResponseInputStream<GetObjectResponse> getBlob(GetObjectRequest request) {
            count();
            ResponseInputStream<GetObjectResponse> found = super.getBlob(request);
            if (!request.key().matches(".*\\.(zst|binlog)")) {
                return found;
            }
            boolean isCut = cuts.getAndUpdate(n -> Math.max(0, n - 1)) > 0;
            boolean isFlipped = flips.getAndUpdate(n -> Math.max(0, n - 1)) > 0;
            long half = found.response().contentLength() / 2;
            return new ResponseInputStream<>(
                    found.response(), new Spoiled(found, half, isCut, isFlipped));
        }
    }

    private static final class Spoiled extends FilterInputStream {
        private final long half;
        private final boolean isCut;
        private final boolean isFlipped;
        private long at;

        Spoiled(InputStream in, long half, boolean isCut, boolean isFlipped) {
            super(in);
            this.half = half;
            this.isCut = isCut;
            this.isFlipped = isFlipped;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int from, int count) throws IOException {
            if (isCut && at >= half) {
                throw new IOException("cut on purpose");
            }
            int step = in.read(into, from, isCut ? (int) Math.min(count, half - at) : count);
            if (isFlipped && step > 0 && at <= half && half < at + step) {
                into[from + (int) (half - at)] ^= 1;
            }
            at += Math.max(0, step);
            return step;
        }
    }
}
