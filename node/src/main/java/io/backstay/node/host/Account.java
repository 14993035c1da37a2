package io.backstay.node.host;

/// A database account. The password is never printed.
public record Account(String user, String password) {
    @Override
    public String toString() {
        return "Account[" + user + "]";
    }
}
