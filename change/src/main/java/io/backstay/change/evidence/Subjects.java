package io.backstay.change.evidence;

/// The bytes that a statement is about. One byte changed in any of them, and the statement says
/// nothing about it.
///
/// @param changeId name of the change, for people
/// @param change digest of the change's directory
/// @param plan digest of the resolved plan
/// @param policy SHA-256 of the policy file's bytes
public record Subjects(String changeId, String change, String plan, String policy) {
    public Subjects {
        requireDigest(change);
        requireDigest(plan);
        requireDigest(policy);
    }

    private static void requireDigest(String digest) {
        if (!digest.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException("not a SHA-256 digest: " + digest);
        }
    }
}
