package io.backstay.cli;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.doors.Time;
import io.backstay.guard.consent.SpentConsents;
import io.backstay.node.consent.BootScripts;
import io.backstay.node.consent.ConsentServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "serve",
        description =
                "Give machines that boot from the network the installer only for a consent, and the"
                        + " local disk else.",
        footer = {
            "",
            "GET /boot/HOST.ipxe?uuid=UUID spends HOST.consent if it is good, and answers with the"
                    + " installer's iPXE script. docs/consent shows what stands around it.",
            "Runs until a signal ends it. Exit codes: 2 usage, 130 or 143 after the signal."
        })
final class GuardConsentServeCommand implements Callable<Integer> {
    private static final Pattern ADDRESS = Pattern.compile("\\[?([0-9a-fA-F:.]+?)]?:([0-9]{1,5})");
    private static final int PORT_MAX = 65_535;

    @Mixin private Console console = new Console();

    @Option(
            names = "--listen",
            paramLabel = "IP:PORT",
            required = true,
            description = "Where machines that boot can reach it, and as few others as may be.")
    private String listen = "";

    @Option(
            names = "--consents",
            paramLabel = "FOLDER",
            required = true,
            description = "Where HOST.consent is brought.")
    private Path consents = Path.of("");

    @Option(
            names = "--keys",
            paramLabel = "FOLDER",
            required = true,
            description = "Public keys of hosts, as HOST.pub.")
    private Path keys = Path.of("");

    @Option(
            names = "--spent",
            paramLabel = "FOLDER",
            required = true,
            description = "Which consents were used; one folder for all who use them.")
    private Path spent = Path.of("");

    @Option(
            names = "--installer",
            paramLabel = "FILE",
            required = true,
            description = "The installer's iPXE script.")
    private Path installer = Path.of("");

    @Option(
            names = "--local",
            paramLabel = "FILE",
            description = "Another iPXE script for the local disk than the built-in one.")
    private Optional<Path> local = Optional.empty();

    @Option(
            names = "--operation",
            paramLabel = "NAME",
            description = "What the installer does, as hosts consent to it. Default: reinstall.")
    private String operation = "reinstall";

    @Option(
            names = "--target",
            paramLabel = "TARGET",
            description = "What it destroys, as hosts consent to it. Default: host.")
    private String target = "host";

    @Override
    public Integer call() throws InterruptedException {
        try {
            return serve();
        } catch (NoClassDefFoundError e) { // the bundle for hosts has no server in it
            throw new Problem(
                    ErrorCode.UNSUPPORTED,
                    "this is the bundle for hosts, which cannot serve",
                    "run `backstay guard consent serve` from the whole program.",
                    e);
        }
    }

    private int serve() throws InterruptedException {
        var setup =
                new ConsentServer.Setup(
                        consents.toAbsolutePath(),
                        keys.toAbsolutePath(),
                        SpentConsents.open(spent.toAbsolutePath()),
                        operation,
                        target,
                        BootScripts.read(installer, local),
                        Time.system());
        ConsentServer server = ConsentServer.start(setup, address(), console::warn);
        console.say("listening on %s, port %d".formatted(listen, server.port()));
        Runtime.getRuntime().addShutdownHook(new Thread(server::close, "consent-stop"));
        new CountDownLatch(1).await(); // SIGTERM or Ctrl-C end it
        return 0;
    }

    private InetSocketAddress address() {
        Matcher parts = ADDRESS.matcher(listen);
        if (parts.matches() && Integer.parseInt(parts.group(2)) <= PORT_MAX) {
            try {
                return new InetSocketAddress(
                        InetAddress.ofLiteral(parts.group(1)), Integer.parseInt(parts.group(2)));
            } catch (IllegalArgumentException e) {
                throw noAddress(e);
            }
        }
        throw noAddress(new IllegalArgumentException("no address"));
    }

    private Problem noAddress(IllegalArgumentException e) {
        return new Problem(
                ErrorCode.USAGE,
                "cannot listen on `%s`: expected IP:PORT".formatted(listen),
                "name an address of this machine, as in --listen 10.1.0.2:8069.",
                e);
    }
}
