package io.backstay.recovery.archive.store;

import io.backstay.doors.ErrorCode;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/// What an object store's answer means, and what to do about it. No secret is in any of it.
final class S3Problems {
    private static final String AGAIN =
            " Nothing that was kept is lost: then run the same command again.";

    private S3Problems() {}

    /// @param doing what was tried, for people: `GET s3://b/k`
    static StoreProblem of(RuntimeException e, S3Access access, String doing) {
        return switch (e) {
            case StoreProblem problem -> problem;
            case AwsServiceException answer -> ofAnswer(answer, access, doing);
            case SdkException none -> ofNoAnswer(none, access, doing);
            default -> throw e;
        };
    }

    /// The error's stable name, `SlowDown`; the status where there is none.
    static String code(AwsServiceException e) {
        var details = e.awsErrorDetails();
        String code = details == null ? null : details.errorCode();
        return code == null || code.isEmpty() ? Integer.toString(e.statusCode()) : code;
    }

    private static StoreProblem ofAnswer(AwsServiceException e, S3Access access, String doing) {
        String code = code(e);
        String said = "S3 at %s: %s: %d %s".formatted(access, doing, e.statusCode(), code);
        if (code.equals("NoSuchBucket")) {
            return new StoreProblem(
                    ErrorCode.ENVIRONMENT,
                    said + ": there is no such bucket",
                    "make the bucket, or correct --archive; the endpoint is --s3-endpoint or"
                            + " AWS_ENDPOINT_URL_S3.",
                    e);
        }
        if (e.statusCode() == 401 || e.statusCode() == 403) {
            return new StoreProblem(
                    ErrorCode.ENVIRONMENT,
                    said + ": not allowed",
                    "look at the credentials (AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or a profile): they need"
                            + " s3:ListBucket on the bucket, s3:GetObject, s3:PutObject and s3:DeleteObject on the"
                            + " prefix."
                            + AGAIN,
                    e);
        }
        if (e.statusCode() == 501) {
            return new StoreProblem(
                    ErrorCode.UNSUPPORTED,
                    said + ": this store does not do it",
                    "use a store that knows conditional writes (If-None-Match), or a folder as archive.",
                    e);
        }
        if (e.statusCode() == 429 || e.statusCode() >= 500) {
            return new StoreProblem(
                    ErrorCode.ENVIRONMENT,
                    "%s, %d times in a row".formatted(said, access.tries()),
                    "wait until it answers again." + AGAIN,
                    e);
        }
        return new StoreProblem(
                ErrorCode.ENVIRONMENT,
                said,
                "look up that code in the store's manual; region (AWS_REGION) and endpoint are the usual causes."
                        + AGAIN,
                e);
    }

    private static StoreProblem ofNoAnswer(SdkException e, S3Access access, String doing) {
        String reason = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        if (reason.contains("credentials")) {
            return new StoreProblem(
                    ErrorCode.ENVIRONMENT,
                    "S3 at %s: %s: no credentials found".formatted(access, doing),
                    "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE.",
                    e);
        }
        if (reason.contains("region")) {
            return new StoreProblem(
                    ErrorCode.ENVIRONMENT,
                    "S3 at %s: %s: no region is set".formatted(access, doing),
                    "set AWS_REGION, or give --s3-endpoint.",
                    e);
        }
        return new StoreProblem(
                ErrorCode.ENVIRONMENT,
                "S3 at %s: %s: no answer: %s".formatted(access, doing, reason),
                "look whether the endpoint is right and can be reached from here." + AGAIN,
                e);
    }
}
