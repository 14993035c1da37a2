package io.backstay.cli;

/// This program's version, as in the root pom.
final class Version {
    static final String NUMBER = "0.1.0";

    private Version() {}
}
