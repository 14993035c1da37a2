package io.backstay.node.consent;

import io.backstay.doors.Disk;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.doors.Time;
import io.backstay.guard.consent.ConsentAnswer;
import io.backstay.guard.consent.ConsentDemand;
import io.backstay.guard.consent.ConsentDesk;
import io.backstay.guard.consent.SpentConsents;
import io.backstay.ledger.seal.TrustedKeys;
import io.javalin.Javalin;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Tells machines that boot from the network what to boot, over plain HTTP as their firmware speaks
/// it.
///
/// | Request | Answer |
/// | --- | --- |
/// | `GET /boot/HOST.ipxe?uuid=UUID` | 200: the installer's script, if a consent of HOST and of that machine lay there, which is spent now; else the local disk's |
///
/// Whatever is wrong, the answer is the local disk's script. A request without `uuid` gets no
/// installer: HOST is only what the asking machine was told to say.
public final class ConsentServer implements AutoCloseable {
    private static final Pattern FILE = Pattern.compile("([A-Za-z0-9][A-Za-z0-9._-]{0,63})\\.ipxe");

    private final Setup setup;
    private final Consumer<String> log;
    private final Javalin app;

    /// @param consents folder with `HOST.consent`, brought there by whoever provisions
    /// @param keys folder with `HOST.pub`; read at each request
    /// @param operation what the installer does, as hosts consent to it
    public record Setup(
            Path consents,
            Path keys,
            SpentConsents spent,
            String operation,
            String target,
            BootScripts scripts,
            Time time) {}

    private ConsentServer(Setup setup, Consumer<String> log) {
        this.setup = setup;
        this.log = log;
        this.app =
                Javalin.create(
                        config -> {
                            config.startup.showJavalinBanner = false;
                            config.concurrency.useVirtualThreads = true;
                            config.routes.get("/boot/{file}", this::boot);
                        });
    }

    /// @param log told of every answer, a line each, by several threads
    public static ConsentServer start(
            Setup setup, InetSocketAddress address, Consumer<String> log) {
        var server = new ConsentServer(setup, log);
        try {
            server.app.start(address.getHostString(), address.getPort());
        } catch (io.javalin.util.JavalinBindException e) {
            throw new Problem(
                    ErrorCode.ENVIRONMENT,
                    "cannot listen on %s:%d for machines that boot: %s"
                            .formatted(address.getHostString(), address.getPort(), e.getMessage()),
                    "end what listens there (`ss -ltnp`), or choose another port.",
                    e);
        }
        return server;
    }

    public int port() {
        return app.port();
    }

    private void boot(Context request) {
        Matcher file = FILE.matcher(request.pathParam("file"));
        String script = setup.scripts().local();
        if (file.matches()) {
            String uuid = String.valueOf(request.queryParam("uuid"));
            script = script(file.group(1), uuid);
        } else {
            log.accept("local disk: the request names no host");
        }
        request.header("Cache-Control", "no-store").contentType("text/plain").result(script);
    }

    private String script(String host, String uuid) {
        try {
            switch (answer(host, uuid)) {
                case ConsentAnswer.Given(_, var consent) -> {
                    log.accept("installer for %s: spent %s".formatted(host, consent.nonce()));
                    return setup.scripts().installer();
                }
                case ConsentAnswer.Refused(String reason) -> tell(host, reason);
            }
        } catch (Problem | UncheckedIOException e) {
            tell(host, String.valueOf(e.getMessage()));
        }
        return setup.scripts().local();
    }

    private ConsentAnswer answer(String host, String uuid) {
        Path file = setup.consents().resolve(host + ".consent");
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return new ConsentAnswer.Refused("no consent lies there");
        }
        try {
            if (Files.size(file) > ConsentDesk.TEXT_CHARS_MAX) {
                return new ConsentAnswer.Refused("what lies there is longer than any consent");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new ConsentDesk(TrustedKeys.load(setup.keys()), setup.spent(), setup.time())
                .verifyAndSpend(
                        Disk.readText(file),
                        new ConsentDemand(
                                host, setup.operation(), setup.target(), Optional.of(uuid)));
    }

    /// What a request said must not steer a terminal.
    private void tell(String host, String reason) {
        log.accept("local disk for %s: %s".formatted(host, reason.replaceAll("\\p{Cntrl}", " ")));
    }

    @Override
    public void close() {
        app.stop();
    }
}
