package io.backstay.guard.permit;

import io.backstay.doors.Disk;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// What a host asks leave for: one command on one target of this machine, once, within this boot. A
/// permit is these very bytes, signed.
///
/// On disk it is one JSON object with exactly these fields.
///
/// @param schemaVersion 1
/// @param machineId of the host that asks; empty if it has none
/// @param hardwareUuid of its firmware, lower case; empty if it tells none
/// @param bootId a permit does not outlive it
/// @param target as the guard is asked: `path:...`, `device:...`
/// @param command program and arguments, with `{target}` in them
/// @param nonce 32 hexadecimal digits; the permit is spent under this name
/// @param notAfterBootSeconds until when the command must have been begun, on the boot's clock
public record PermitAsk(
        int schemaVersion,
        String machineId,
        String hardwareUuid,
        String bootId,
        String operation,
        String target,
        List<String> command,
        String nonce,
        long notAfterBootSeconds) {
    public static final String PAYLOAD_TYPE = "application/vnd.backstay.guard-permit.v1+json";

    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
                    .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build();

    public PermitAsk {
        command = List.copyOf(command);
        if (schemaVersion != 1
                || !nonce.matches("[0-9a-f]{32}")
                || operation.isBlank()
                || target.isBlank()
                || command.isEmpty()) {
            throw new IllegalArgumentException(
                    "expected schema version 1, a nonce, an operation, a target and a command");
        }
    }

    public byte[] bytes() {
        return JSON.writeValueAsBytes(this);
    }

    /// What a ledger keeps of it: bound to the asking, whatever a file says later.
    String digest() {
        return Disk.sha256(bytes());
    }

    /// @throws Problem if they are none
    public static PermitAsk of(byte[] bytes) {
        try {
            PermitAsk ask =
                    JSON.readValue(new String(bytes, StandardCharsets.UTF_8), PermitAsk.class);
            if (ask == null) { // JSON's own null
                throw noAsk("found null");
            }
            return ask;
        } catch (JacksonException e) {
            throw noAsk(e.getOriginalMessage());
        }
    }

    private static Problem noAsk(String why) {
        return new Problem(
                ErrorCode.BAD_FILE,
                "cannot read what a permit is for: " + why,
                "make it anew on the host: `backstay guard permit ask --help`.");
    }
}
