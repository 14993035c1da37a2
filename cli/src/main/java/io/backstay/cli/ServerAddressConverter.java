package io.backstay.cli;

import io.backstay.mysql.ServerAddress;
import picocli.CommandLine.ITypeConverter;

/// `mysql://USER@HOST:PORT` on a command line.
final class ServerAddressConverter implements ITypeConverter<ServerAddress> {
    @Override
    public ServerAddress convert(String text) {
        return ServerAddress.parse(text);
    }
}
