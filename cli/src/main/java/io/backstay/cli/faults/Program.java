package io.backstay.cli.faults;

/// This very program's verbs, run in this process.
public interface Program {
    Answer run(String... words);

    /// @param said everything on standard output
    record Answer(int exit, String said) {}
}
