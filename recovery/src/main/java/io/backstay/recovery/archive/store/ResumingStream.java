package io.backstay.recovery.archive.store;

import io.backstay.doors.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/// An object's bytes, front to back, over as many connections as it takes.
///
/// One that is cut is opened again at the byte it had come to, as often as [S3Access] tries
/// anything; each byte that arrives begins the count anew. One thread.
final class ResumingStream extends InputStream {
    private final S3Objects objects;
    private final String key;
    private final long lengthBytes;
    private final byte[] one = new byte[1];
    private @Nullable ResponseInputStream<GetObjectResponse> in;
    private long at;
    private int failures;

    ResumingStream(S3Objects objects, String key, long from) throws IOException {
        this.objects = objects;
        this.key = key;
        at = from;
        in = objects.get(key, from);
        lengthBytes = total(in.response());
    }

    long lengthBytes() {
        return lengthBytes;
    }

    @Override
    public int read() throws IOException {
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int from, int count) throws IOException {
        if (count == 0) {
            return 0;
        }
        while (at < lengthBytes) {
            try {
                if (in == null) {
                    in = objects.get(key, at);
                }
                int step = in.read(into, from, (int) Math.min(count, lengthBytes - at));
                if (step > 0) {
                    at += step;
                    failures = 0;
                    return step;
                }
                pauseOrFail(new IOException("it ended early"));
            } catch (IOException | SdkException e) {
                pauseOrFail(e);
            }
        }
        return -1;
    }

    private void pauseOrFail(Exception e) {
        drop();
        failures++;
        if (failures >= objects.access().tries()) {
            throw new StoreProblem(
                    ErrorCode.ENVIRONMENT,
                    "S3 at %s: GET %s broke off at byte %d of %d, %d times in a row: %s"
                            .formatted(
                                    objects.access(),
                                    objects.name(key),
                                    at,
                                    lengthBytes,
                                    failures,
                                    e.getMessage()),
                    "look at the network between here and the store; then run the same command again.",
                    e);
        }
        Duration pause = objects.access().pauses().computeDelay(failures);
        LockSupport.parkNanos(pause.toNanos());
    }

    private void drop() {
        if (in != null) {
            in.abort();
            in = null;
        }
    }

    @Override
    public void close() {
        drop();
    }

    private static long total(GetObjectResponse response) {
        String range = response.contentRange();
        return range == null
                ? response.contentLength()
                : Long.parseLong(range.substring(range.lastIndexOf('/') + 1));
    }
}
