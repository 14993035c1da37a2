package io.backstay.cli.report;

/// How something ended, told by a sign and a word, never by colour alone.
public enum Outcome {
    PASSED("passed", "✓"),
    FAILED("failed", "✗"),
    NOT_COVERED("not covered", "–");

    private final String word;
    private final String sign;

    Outcome(String word, String sign) {
        this.word = word;
        this.sign = sign;
    }

    public String word() {
        return word;
    }

    public String sign() {
        return sign;
    }

    /// The word as a style's class name: `not-covered`.
    public String style() {
        return word.replace(' ', '-');
    }
}
