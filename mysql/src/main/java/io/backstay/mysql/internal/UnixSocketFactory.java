package io.backstay.mysql.internal;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.mariadb.jdbc.Configuration;
import org.mariadb.jdbc.util.ConfigurableSocketFactory;

/// What the driver calls for a connection through a Unix socket: it has no way of its own without a
/// native library. The path comes in the driver's option [#PATH_OPTION].
public final class UnixSocketFactory extends ConfigurableSocketFactory {
    public static final String PATH_OPTION = "backstaySocket";

    private @Nullable Path path;

    /// Called by the driver.
    public UnixSocketFactory() {}

    @Override
    public void setConfiguration(Configuration configuration, String host) {
        path = Path.of(configuration.nonMappedOptions().getProperty(PATH_OPTION));
    }

    @Override
    public Socket createSocket() throws IOException {
        if (path == null) {
            throw new IOException("no socket path");
        }
        return new UnixSocket(SocketChannel.open(UnixDomainSocketAddress.of(path)));
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        return createSocket();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort)
            throws IOException {
        return createSocket();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return createSocket();
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort)
            throws IOException {
        return createSocket();
    }
}
