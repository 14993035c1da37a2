package io.backstay.rollout.run;

/// A step or a switchover that did not end well; carries what the run is frozen with.
public final class StepFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String host;
    private final String step;

    public StepFailedException(String host, String step, String reason) {
        super(reason);
        this.host = host;
        this.step = step;
    }

    public String host() {
        return host;
    }

    public String step() {
        return step;
    }

    public String reason() {
        return String.valueOf(getMessage());
    }
}
