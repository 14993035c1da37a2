package io.backstay.rollout.protocol;

import io.backstay.doors.Disk;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// One effect a controller would like on one host. A wish: the agent decides, with its own guard,
/// by its own configuration.
///
/// @param effectId the same for every repetition of the same effect; a host performs an effect once
/// @param changeDigest of the change this belongs to; empty for a look that changes nothing
/// @param operation a name from the agent's own configuration
/// @param arguments values for the operation's declared parameters; empty is none
public record Offer(
        String effectId,
        String changeDigest,
        String operation,
        SortedMap<String, String> arguments) {

    public Offer {
        arguments = new TreeMap<>(arguments);
    }

    public static Offer of(
            String effectId, String changeDigest, String operation, Map<String, String> arguments) {
        return new Offer(effectId, changeDigest, operation, new TreeMap<>(arguments));
    }

    /// SHA-256 over all that makes this effect what it is: one byte more or less is another
    /// operation.
    public String operationDigest() {
        var text = new StringBuilder();
        append(text, effectId);
        append(text, changeDigest);
        append(text, operation);
        arguments.forEach(
                (name, value) -> {
                    append(text, name);
                    append(text, value);
                });
        return Disk.sha256(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    /// Length first, so that no two lists of values give the same text.
    private static void append(StringBuilder text, String value) {
        text.append(value.length()).append(':').append(value).append('\n');
    }
}
