package io.backstay.lab;

import java.security.SecureRandom;
import java.util.HexFormat;

/// The passwords of the three accounts of a lab server, each valid from 127.0.0.0/8 only.
///
/// | Account | May |
/// | --- | --- |
/// | `root` | everything; besides without a password through the socket, in its owner-only folder |
/// | `app` | read and write rows of the schema `shop` |
/// | `repl` | replicate and stream binary logs |
///
/// Lower-case letters and digits only, so that no quoting can go wrong. Printed without passwords.
public record Accounts(String rootPassword, String appPassword, String replPassword) {
    public static final String ROOT = "root";
    public static final String APP = "app";
    public static final String REPL = "repl";

    public Accounts {
        requirePlain(rootPassword);
        requirePlain(appPassword);
        requirePlain(replPassword);
    }

    public static Accounts random() {
        return new Accounts(randomPassword(), randomPassword(), randomPassword());
    }

    @Override
    public String toString() {
        return "Accounts[root, app, repl]";
    }

    String passwordOf(String user) {
        return switch (user) {
            case ROOT -> rootPassword;
            case APP -> appPassword;
            case REPL -> replPassword;
            default -> throw new IllegalArgumentException("no such lab account: " + user);
        };
    }

    private static String randomPassword() {
        byte[] bytes = new byte[16];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private static void requirePlain(String password) {
        if (!password.matches("[a-z0-9]{8,64}")) {
            throw new IllegalArgumentException(
                    "a lab password has 8 to 64 lower-case letters and digits");
        }
    }
}
