package io.backstay.node.controller;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.node.pki.Credentials;
import io.backstay.rollout.protocol.Challenge;
import io.backstay.rollout.protocol.Report;
import io.javalin.Javalin;
import io.javalin.http.Context;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import tools.jackson.databind.json.JsonMapper;

/// The HTTPS door through which agents dial in. Whoever shows no certificate of the fleet's
/// authority does not get in; who shows one is the host its common name says, and hears of that
/// host only.
///
/// | Request | Answer |
/// | --- | --- |
/// | `GET /v1/offers/next?waitMillis=N` | 200 [io.backstay.rollout.protocol.Offer], 204 none came |
/// | `POST /v1/challenges` [Challenge] | 200 [io.backstay.rollout.protocol.Leave], 409 the reason as text |
/// | `POST /v1/reports` [Report] | 204 taken, 410 nobody waits for it any more |
public final class ControllerServer implements AutoCloseable {
    private static final Duration WAIT_MAX = Duration.ofSeconds(20);
    private static final int BODY_BYTES_MAX = 1 << 20;

    private final JsonMapper json = JsonMapper.builder().build();
    private final Mailbox mailbox;
    private final PermitOffice permits;
    private final HeadRegister heads;
    private final Javalin app;

    private ControllerServer(
            Mailbox mailbox,
            PermitOffice permits,
            HeadRegister heads,
            Credentials credentials,
            InetSocketAddress address) {
        this.mailbox = mailbox;
        this.permits = permits;
        this.heads = heads;
        this.app =
                Javalin.create(
                        config -> {
                            config.startup.showJavalinBanner = false;
                            config.http.maxRequestSize = BODY_BYTES_MAX;
                            config.concurrency.useVirtualThreads = true;
                            config.jetty.addConnector(
                                    (server, _) -> connector(server, credentials, address));
                            config.routes.get("/v1/offers/next", this::next);
                            config.routes.post("/v1/challenges", this::challenge);
                            config.routes.post("/v1/reports", this::report);
                        });
    }

    public static ControllerServer start(
            Mailbox mailbox,
            PermitOffice permits,
            HeadRegister heads,
            Credentials credentials,
            InetSocketAddress address) {
        var server = new ControllerServer(mailbox, permits, heads, credentials, address);
        try {
            server.app.start();
        } catch (io.javalin.util.JavalinBindException e) {
            throw new Problem(
                    ErrorCode.ENVIRONMENT,
                    "cannot listen on %s:%d for agents: %s"
                            .formatted(address.getHostString(), address.getPort(), e.getMessage()),
                    "end what listens there (`ss -ltnp`), or choose another port.",
                    e);
        }
        return server;
    }

    private static ServerConnector connector(
            Server server, Credentials credentials, InetSocketAddress address) {
        var tls = new SslContextFactory.Server();
        tls.setSslContext(credentials.sslContext());
        tls.setNeedClientAuth(true);
        var http = new HttpConfiguration();
        // agents dial by address: there is no name to hold the certificate against
        var secure = new SecureRequestCustomizer();
        secure.setSniHostCheck(false);
        http.addCustomizer(secure);
        http.setSendServerVersion(false);
        var connector =
                new ServerConnector(
                        server,
                        new SslConnectionFactory(tls, "http/1.1"),
                        new HttpConnectionFactory(http));
        connector.setHost(address.getHostString());
        connector.setPort(address.getPort());
        return connector;
    }

    private void next(Context request) throws InterruptedException {
        long waitMillis = request.queryParamAsClass("waitMillis", Long.class).get();
        Duration wait = Duration.ofMillis(Math.clamp(waitMillis, 0, WAIT_MAX.toMillis()));
        mailbox.next(host(request), wait)
                .ifPresentOrElse(
                        offer ->
                                request.contentType("application/json")
                                        .result(json.writeValueAsBytes(offer)),
                        () -> request.status(204));
    }

    private void challenge(Context request) {
        String host = host(request);
        Challenge challenge = json.readValue(request.bodyAsBytes(), Challenge.class);
        var waiting = mailbox.findWaiting(challenge.effectId(), host);
        if (waiting.isEmpty()) {
            request.status(409).result("no offer " + challenge.effectId() + " is open for " + host);
            return;
        }
        switch (permits.decide(host, waiting.get().offer(), challenge)) {
            case PermitOffice.Answer.Granted granted ->
                    request.contentType("application/json")
                            .result(json.writeValueAsBytes(granted.leave()));
            case PermitOffice.Answer.Denied denied -> request.status(409).result(denied.reason());
        }
    }

    private void report(Context request) {
        String host = host(request);
        Report report = json.readValue(request.bodyAsBytes(), Report.class);
        heads.record(host, report.head());
        request.status(mailbox.report(host, report) ? 204 : 410);
    }

    /// The common name of the certificate that TLS has checked.
    private static String host(Context request) {
        X509Certificate[] chain =
                (X509Certificate[])
                        request.req().getAttribute("jakarta.servlet.request.X509Certificate");
        if (chain == null || chain.length == 0) {
            throw new io.javalin.http.UnauthorizedResponse("no client certificate");
        }
        try {
            return new LdapName(chain[0].getSubjectX500Principal().getName())
                    .getRdns().stream()
                            .filter(rdn -> rdn.getType().equalsIgnoreCase("CN"))
                            .map(rdn -> rdn.getValue().toString())
                            .findFirst()
                            .orElseThrow(
                                    () ->
                                            new io.javalin.http.UnauthorizedResponse(
                                                    "certificate without a name"));
        } catch (InvalidNameException e) {
            throw new io.javalin.http.UnauthorizedResponse("certificate without a readable name");
        }
    }

    @Override
    public void close() {
        app.stop();
    }
}
