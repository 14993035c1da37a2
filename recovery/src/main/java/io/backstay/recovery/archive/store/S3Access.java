package io.backstay.recovery.archive.store;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.s3.S3Client;

/// How an object store is reached. Credentials, region and, where none is given, the endpoint are
/// those of the AWS tools: environment, system properties, profile, the machine's own role.
///
/// A request that fails for a reason that may pass (no connection, a cut one, 429, 5xx, a body that
/// arrived changed) is tried again, up to `tries` times in all, after pauses that double from 100
/// ms to 20 s at most, each cut by chance to between nothing and all of it: about a minute for ten.
///
/// @param endpoint `http` or `https`, without user and path; empty: the environment's
public record S3Access(Optional<URI> endpoint, int tries) {
    private static final int TRIES = 10;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(20);
    private static final Map<S3Access, S3Client> CLIENTS = new ConcurrentHashMap<>();

    static S3Access of(Optional<URI> given) {
        Optional<URI> endpoint = given.or(S3Access::fromEnvironment);
        endpoint.ifPresent(S3Access::require);
        return new S3Access(endpoint, TRIES);
    }

    public S3Access withTries(int value) {
        return new S3Access(endpoint, value);
    }

    /// Where it is, for people.
    @Override
    public String toString() {
        return endpoint.map(URI::toString).orElse("AWS");
    }

    S3Client client() {
        return CLIENTS.computeIfAbsent(this, S3Access::connect);
    }

    BackoffStrategy pauses() {
        return BackoffStrategy.exponentialDelay(FIRST_PAUSE, LONGEST_PAUSE);
    }

    private static Optional<URI> fromEnvironment() {
        return Stream.of("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL")
                .map(System::getenv)
                .filter(value -> value != null && !value.isBlank())
                .findFirst()
                .map(URI::create);
    }

    /// A name and a password in an endpoint would be printed with it.
    private static void require(URI endpoint) {
        String scheme = String.valueOf(endpoint.getScheme());
        boolean isPlain =
                (scheme.equals("http") || scheme.equals("https"))
                        && endpoint.getHost() != null
                        && endpoint.getRawUserInfo() == null
                        && endpoint.getRawQuery() == null
                        && (endpoint.getRawPath().isEmpty() || endpoint.getRawPath().equals("/"));
        if (!isPlain) {
            throw new Problem(
                    ErrorCode.USAGE,
                    "S3 endpoint: expected http://HOST:PORT or https://HOST:PORT and nothing behind it",
                    "write `--s3-endpoint https://HOST:PORT`; credentials belong into AWS_ACCESS_KEY_ID and"
                            + " AWS_SECRET_ACCESS_KEY or a profile.");
        }
    }

    private S3Client connect() {
        try {
            var builder =
                    S3Client.builder()
                            .forcePathStyle(true)
                            // with it, this HTTP client takes a refusal for a broken connection
                            .serviceConfiguration(s3 -> s3.expectContinueEnabled(false))
                            .httpClientBuilder(
                                    UrlConnectionHttpClient.builder()
                                            .connectionTimeout(Duration.ofSeconds(10))
                                            .socketTimeout(Duration.ofSeconds(60)))
                            // each part is sent with its own SHA-256 and read against its CRC32Cs
                            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                            .overrideConfiguration(
                                    all ->
                                            all.retryStrategy(
                                                    AwsRetryStrategy.standardRetryStrategy()
                                                            .toBuilder()
                                                            .maxAttempts(tries)
                                                            .backoffStrategy(pauses())
                                                            .throttlingBackoffStrategy(pauses())
                                                            .circuitBreakerEnabled(false)
                                                            .retryOnException(S3Access::isChanged)
                                                            .build()));
            endpoint.ifPresent(
                    at -> {
                        builder.endpointOverride(at);
                        if (System.getenv("AWS_REGION") == null
                                && System.getProperty("aws.region") == null) {
                            builder.region(Region.US_EAST_1);
                        }
                    });
            return builder.build();
        } catch (RuntimeException e) {
            throw S3Problems.of(e, this, "set up the client");
        }
    }

    private static boolean isChanged(Throwable e) {
        return e instanceof AwsServiceException service
                && S3Problems.code(service).equals("BadDigest");
    }
}
