package io.backstay.mysql;

import io.backstay.doors.Disk;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Where one server listens, and as whom to log in. Holds no password.
///
/// Written `mysql://USER@HOST:PORT` or `mysql:///PATH.sock?user=USER`. The password comes from the
/// file named by `?password-file=PATH` (its first line), else from the environment's
/// `BACKSTAY_PASSWORD`, else it is empty.
///
/// @param host name or address; empty for a socket
/// @param port 0 for a socket
public record ServerAddress(
        String user, String host, int port, Optional<Path> socket, Optional<Path> passwordFile) {
    private static final String FORMS =
            "write mysql://USER@HOST:PORT or mysql:///PATH.sock?user=USER";

    public static ServerAddress tcp(String user, String host, int port) {
        return new ServerAddress(user, host, port, Optional.empty(), Optional.empty());
    }

    public static ServerAddress socket(String user, Path socket) {
        return new ServerAddress(user, "", 0, Optional.of(socket), Optional.empty());
    }

    /// @throws Problem if the text is no such address or holds a password
    public static ServerAddress parse(String text) {
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException e) {
            throw wrong("a server's address cannot be read");
        }
        if (!"mysql".equals(uri.getScheme()) || uri.getPath() == null) {
            throw wrong("a server's address begins with mysql://");
        }
        String userInfo = uri.getUserInfo();
        if (userInfo != null && userInfo.contains(":")) {
            throw passwordInAddress();
        }
        Map<String, String> parameters = parameters(uri);
        Optional<Path> passwordFile =
                Optional.ofNullable(parameters.remove("password-file")).map(Path::of);
        String user = userInfo != null ? userInfo : parameters.remove("user");
        if (user == null || user.isEmpty()) {
            throw wrong("a server's address names no user");
        }
        if (!parameters.isEmpty()) {
            throw wrong("a server's address has the unknown parameters " + parameters.keySet());
        }
        if (uri.getHost() == null) {
            if (uri.getRawAuthority() != null || uri.getPath().length() < 2) {
                throw wrong("a server's address has neither a host nor a socket");
            }
            return new ServerAddress(
                    user, "", 0, Optional.of(Path.of(uri.getPath())), passwordFile);
        }
        if (uri.getPath().length() > 1) {
            throw wrong("a server's address has a path behind its host: " + uri.getPath());
        }
        int port = uri.getPort() < 0 ? 3306 : uri.getPort();
        return new ServerAddress(user, uri.getHost(), port, Optional.empty(), passwordFile);
    }

    /// The password, read now; empty if none is set.
    String password() {
        if (passwordFile.isPresent()) {
            Path file = passwordFile.get();
            if (!Files.isReadable(file)) {
                throw new Problem(
                        ErrorCode.ENVIRONMENT,
                        "the password file " + file + " cannot be read",
                        "create it readable by you alone (mode 0600), the password its first line.");
            }
            return Disk.readText(file).lines().findFirst().orElse("");
        }
        return Optional.ofNullable(System.getenv("BACKSTAY_PASSWORD")).orElse("");
    }

    private static Map<String, String> parameters(URI uri) {
        var parameters = new TreeMap<String, String>();
        if (uri.getRawQuery() == null) {
            return parameters;
        }
        for (String pair : uri.getRawQuery().split("&", -1)) {
            String[] parts = pair.split("=", 2);
            if ("password".equals(parts[0])) {
                throw passwordInAddress();
            }
            parameters.put(
                    parts[0],
                    parts.length == 2 ? URLDecoder.decode(parts[1], StandardCharsets.UTF_8) : "");
        }
        return parameters;
    }

    private static Problem passwordInAddress() {
        return new Problem(
                ErrorCode.USAGE,
                "a server's address holds a password, where every process list shows it",
                "leave it out, and set BACKSTAY_PASSWORD or add ?password-file=PATH.");
    }

    /// The text itself stays out of the message: what cannot be read may hold a password.
    private static Problem wrong(String what) {
        return new Problem(ErrorCode.USAGE, what, FORMS + ".");
    }

    /// The address as it is written, without any secret.
    @Override
    public String toString() {
        return socket.isPresent()
                ? "mysql://" + socket.get() + "?user=" + user
                : "mysql://" + user + "@" + host + ":" + port;
    }
}
