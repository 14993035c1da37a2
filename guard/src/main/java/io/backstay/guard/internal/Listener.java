package io.backstay.guard.internal;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/// One listening socket of one network namespace.
///
/// @param address IP address as text, `*` for all addresses, or the name of a unix socket (empty
///   for one without)
/// @param port 0 for a unix socket
record Listener(String namespace, boolean unix, String address, int port, long inode) {
    static final String ALL = "*";

    /// Lines of `/proc/PID/net/tcp` or `tcp6` in state 0A, listening. The address is printed as
    /// 32-bit words in the machine's byte order.
    static List<Listener> tcp(String namespace, String table) {
        var found = new ArrayList<Listener>();
        for (String line : table.split("\n")) {
            String[] fields = line.strip().split(" +");
            if (fields.length > 9 && fields[3].equals("0A")) {
                String[] local = fields[1].split(":");
                found.add(
                        new Listener(
                                namespace,
                                false,
                                address(local[0]),
                                Integer.parseInt(local[1], 16),
                                Long.parseLong(fields[9])));
            }
        }
        return found;
    }

    /// Lines of `/proc/PID/net/unix` with the flag `__SO_ACCEPTCON`.
    static List<Listener> unix(String namespace, String table) {
        var found = new ArrayList<Listener>();
        for (String line : table.split("\n")) {
            String[] fields = line.strip().split(" +", 8);
            if (fields.length >= 7 && fields[3].equals("00010000")) {
                String name = fields.length > 7 ? fields[7] : "";
                found.add(new Listener(namespace, true, name, 0, Long.parseLong(fields[6])));
            }
        }
        return found;
    }

    String label() {
        return unix ? "unix socket " + address : "%s:%d".formatted(address, port);
    }

    private static String address(String words) {
        byte[] bytes = new byte[words.length() / 2];
        boolean all = true;
        for (int word = 0; word < bytes.length; word += 4) {
            for (int i = 0; i < 4; i++) {
                int at = (word + 3 - i) * 2;
                bytes[word + i] = (byte) Integer.parseInt(words.substring(at, at + 2), 16);
                all &= bytes[word + i] == 0;
            }
        }
        if (all) {
            return ALL;
        }
        try {
            // an IPv4 address written as IPv6 comes back as IPv4
            return InetAddress.getByAddress(bytes).getHostAddress();
        } catch (UnknownHostException e) {
            throw new IllegalStateException(words, e);
        }
    }
}
