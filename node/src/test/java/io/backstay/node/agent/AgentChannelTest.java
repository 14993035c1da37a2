package io.backstay.node.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backstay.change.evidence.Subjects;
import io.backstay.doors.Time;
import io.backstay.ledger.Ledger;
import io.backstay.ledger.LedgerEntry;
import io.backstay.ledger.LedgerHead;
import io.backstay.ledger.seal.SigningKey;
import io.backstay.ledger.seal.TrustedKeys;
import io.backstay.node.controller.ControllerServer;
import io.backstay.node.controller.Dossier;
import io.backstay.node.controller.Mailbox;
import io.backstay.node.controller.PermitOffice;
import io.backstay.node.controller.SignedPermits;
import io.backstay.node.pki.CertificateAuthority;
import io.backstay.node.pki.Credentials;
import io.backstay.rollout.protocol.Challenge;
import io.backstay.rollout.protocol.HostIdentity;
import io.backstay.rollout.protocol.Offer;
import io.backstay.rollout.protocol.Outcome;
import io.backstay.rollout.protocol.Report;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Controller and agents over real HTTPS, with certificates and keys made for each test.
class AgentChannelTest {
    private static final String ADDRESS = "127.34.9.1";
    private static final Duration DEADLINE = Duration.ofSeconds(20);
    private static final Duration LONG = Duration.ofMinutes(10);
    private static final Subjects SUBJECTS =
            new Subjects("CHG-1", "a".repeat(64), "b".repeat(64), "c".repeat(64));
    private static final Dossier DOSSIER = new Dossier(SUBJECTS, List.of(), List.of(), "", "");

    @TempDir Path folder;
    private final Time time = Time.system();
    private final SigningKey controllerKey = SigningKey.generate();
    private final SigningKey agentKey = SigningKey.generate();
    private final CertificateAuthority fleet =
            CertificateAuthority.create("fleet", time.now(), Duration.ofHours(1));
    private final Mailbox mailbox = new Mailbox(time);
    private final Map<String, String> heads = new ConcurrentHashMap<>();
    private final TestHost.Counter step = new TestHost.Counter();
    private final TestHost.FailsFirst failsFirst = new TestHost.FailsFirst(2);
    private final TestHost.FailsFirst thaw = new TestHost.FailsFirst(2);
    private final TestHost.Counter undo = new TestHost.Counter();
    private final TestHost.Counter lateUndo = new TestHost.Counter();
    private final TestHost.Counter cancelledUndo = new TestHost.Counter();
    private Ledger ledger;
    private PermitOffice office;
    private ControllerServer server;
    private URI controller;

    @BeforeEach
    void startController() throws IOException {
        ledger = Ledger.open(folder.resolve("ledgers"), "controller", controllerKey, time);
        office = offers(Optional.of(DOSSIER));
        int port;
        try (var free = new ServerSocket(0, 1, InetAddress.getByName(ADDRESS))) {
            port = free.getLocalPort();
        }
        server =
                ControllerServer.start(
                        mailbox,
                        (host, offer, challenge) -> office.decide(host, offer, challenge),
                        heads::put,
                        fleet.issueServer(
                                "controller", List.of(InetAddress.getByName(ADDRESS)), time.now()),
                        new InetSocketAddress(ADDRESS, port));
        controller = URI.create("https://%s:%d".formatted(ADDRESS, port));
    }

    @AfterEach
    void stopController() {
        server.close();
        ledger.close();
    }

    @Test
    void aClientWithoutACertificateOrWithAStrangersIsNotLetIn() throws Exception {
        // of the same name, so that the client believes it is the one asked for
        Credentials stranger =
                CertificateAuthority.create("fleet", time.now(), Duration.ofHours(1))
                        .issueClient("db1", time.now());

        assertThatThrownBy(() -> next(trustingFleet(Optional.empty())))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> next(trustingFleet(Optional.of(stranger))))
                .isInstanceOf(IOException.class);
        assertThat(mailbox.lastSeen("db1")).isEmpty();

        assertThat(next(trustingFleet(Optional.of(fleet.issueClient("db1", time.now())))))
                .isEqualTo(204);
        assertThat(mailbox.lastSeen("db1")).isPresent();
    }

    @Test
    void anAgentDoesNotTalkToAControllerOfAnotherAuthority() {
        Credentials foreign =
                CertificateAuthority.create("stranger", time.now(), Duration.ofHours(1))
                        .issueClient("db1", time.now());

        try (var link = new ControllerLink(controller, foreign)) {
            assertThatThrownBy(() -> link.next(Duration.ZERO))
                    .isInstanceOf(SSLHandshakeException.class);
        }
        assertThat(mailbox.lastSeen("db1")).isEmpty();
    }

    @Test
    void aHostHearsOnlyItsOwnOffersAndCannotAnswerForAnother() throws Exception {
        Offer offer = offer("e-1", "step.count");
        Outcome forged = new Outcome.Done(Map.of("by", "db2"));
        Outcome own = new Outcome.Done(Map.of("by", "db1"));
        try (var db1 = link("db1");
                var db2 = link("db2")) {
            CompletableFuture<Outcome> outcome =
                    CompletableFuture.supplyAsync(() -> mailbox.perform("db1", offer, DEADLINE));
            // the offer stays in its queue until db1 fetches it: db2 looks while it is there
            assertThat(db2.next(Duration.ofMillis(500))).isEmpty();
            assertThat(db1.next(DEADLINE)).contains(offer);

            assertThat(db2.challenge(challenge(offer)))
                    .isEqualTo(
                            new ControllerLink.PermitAnswer.Denied("no offer e-1 is open for db2"));
            assertThat(db1.challenge(challenge(offer)))
                    .isInstanceOf(ControllerLink.PermitAnswer.Granted.class);
            db2.report(new Report("e-1", forged, "head of db2"));
            db1.report(new Report("e-1", own, "head of db1"));

            assertThat(outcome.get()).isEqualTo(own);
            assertThat(heads).isEqualTo(Map.of("db1", "head of db1", "db2", "head of db2"));
        }
    }

    @Test
    void anEffectThatHasEndedIsReportedAgainAndNotPerformedAgain() {
        Outcome done = new Outcome.Done(Map.of("run", "1"));
        Offer offer = offer("e-1", "step.count");
        try (Ledger chain = openChain();
                Agent _ = start(chain, LONG)) {
            assertThat(perform(offer)).isEqualTo(done);
            assertThat(perform(offer)).as("asked again").isEqualTo(done);
        }
        try (Ledger chain = openChain();
                Agent _ = start(chain, LONG)) {
            assertThat(perform(offer)).as("asked again after a restart").isEqualTo(done);
            assertThat(perform(offer("e-2", "step.count")))
                    .as("another effect")
                    .isEqualTo(new Outcome.Done(Map.of("run", "2")));

            assertThat(step.runs).hasValue(2);
            assertThat(chain.entries())
                    .extracting(LedgerEntry::type)
                    .containsExactly(
                            "agent.started",
                            "permit.burned",
                            "step.intent",
                            "step.acted",
                            "agent.started",
                            "permit.burned",
                            "step.intent",
                            "step.acted");
            assertThat(LedgerHead.parse(heads.get("db1"))).isEqualTo(chain.head());
        }
    }

    @Test
    void whatFailedWithoutDestroyingAnythingIsPerformedAgainAlsoUnderTheSameId() {
        Offer offer = offer("e-1", "step.fails-first");
        Outcome failed =
                new Outcome.Failed("java.lang.IllegalStateException: too many connections");
        try (Ledger chain = openChain();
                Agent _ = start(chain, LONG)) {
            assertThat(perform(offer)).isEqualTo(failed);
            assertThat(perform(offer)).as("asked again").isEqualTo(failed);
        }
        try (Ledger chain = openChain();
                Agent _ = start(chain, LONG)) {
            assertThat(perform(offer))
                    .as("asked again after a restart")
                    .isEqualTo(new Outcome.Done(Map.of("run", "well")));
        }
    }

    @Test
    void aThawThatFailedLeavesTheUndoOwedAndOneThatSucceededPaysIt() {
        try (Ledger chain = openChain();
                Agent _ = start(chain, LONG)) {
            assertThat(perform(offer("e-1", "fence"))).isInstanceOf(Outcome.Done.class);
            assertThat(perform(offer("e-2", "thaw"))).isInstanceOf(Outcome.Failed.class);
            assertThat(types(chain)).doesNotContain("undo.paid");

            assertThat(perform(offer("e-3", "thaw"))).isInstanceOf(Outcome.Failed.class);
            assertThat(perform(offer("e-3", "thaw"))).isInstanceOf(Outcome.Done.class);

            assertThat(types(chain)).endsWith("step.intent", "undo.paid", "step.acted");
        }
    }

    @Test
    void whatAFenceDoesAfterItsUndoWasPaidIsTakenBack() {
        try (Ledger chain = openChain();
                Agent _ = start(chain, LONG)) {
            assertThat(perform(offer("e-1", "fence.slow")))
                    .isEqualTo(
                            new Outcome.Failed(
                                    "its undo was paid while it ran, after 0 s; it was taken back by thaw"));

            assertThat(lateUndo.runs).as("by the watchdog, then after the fence").hasValue(2);
            assertThat(types(chain)).containsSubsequence("step.intent", "undo.paid", "step.failed");
        }
    }

    @Test
    void nothingBeginsOnAPermitThatRanOutAfterItWasChecked() {
        var suspended = new AtomicReference<>(Duration.ZERO);
        // the machine sleeps between the burning of the nonce and the intent
        Time chainTime =
                jumping(
                        suspended,
                        appends -> {
                            if (appends == 2) {
                                suspended.set(Duration.ofSeconds(61));
                            }
                        });
        try (Ledger chain = Ledger.open(folder.resolve("ledgers"), "db1", agentKey, chainTime);
                Agent _ = start(chain, LONG, jumping(suspended, _ -> {}))) {
            Outcome outcome = perform(offer("e-1", "fence"));

            assertThat(outcome)
                    .isInstanceOfSatisfying(
                            Outcome.Refused.class,
                            refused ->
                                    assertThat(refused.reasons().getFirst().says())
                                            .startsWith(
                                                    "permit.expired: the permit was good for 60 seconds until the act begins"));
            assertThat(types(chain))
                    .containsExactly("agent.started", "permit.burned", "permit.denied");
        }
    }

    /// The system's clock, moved on by what is set.
    private static Time jumping(AtomicReference<Duration> by, IntConsumer atReading) {
        Time system = Time.system();
        var readings = new AtomicInteger();
        return new Time() {
            @Override
            public Instant now() {
                return system.now();
            }

            @Override
            public Duration sinceBoot() {
                atReading.accept(readings.incrementAndGet());
                return system.sinceBoot().plus(by.get());
            }

            @Override
            public void sleep(Duration duration) throws InterruptedException {
                system.sleep(duration);
            }
        };
    }

    private static List<String> types(Ledger chain) {
        return chain.entries().stream().map(LedgerEntry::type).toList();
    }

    @Test
    void nothingIsDoneOnALeaveThatIsNotGood() {
        var impostor = SigningKey.generate();
        try (Ledger chain = openChain();
                Agent _ = start(chain, LONG)) {
            office = offers(Optional.empty());
            assertThat(perform(offer("e-1", "step.count")))
                    .isEqualTo(
                            refused(
                                    "the controller denied it: no change with digest %s is open"
                                            .formatted(SUBJECTS.change())));

            office = new SignedPermits(impostor, ledger, _ -> Optional.of(DOSSIER), LONG);
            assertThat(perform(offer("e-2", "step.count")))
                    .isEqualTo(
                            refused(
                                    "expected signatures by 1 trusted owners, found 0 (keys [%s])"
                                            .formatted(impostor.id())));

            office = offers(Optional.of(DOSSIER));
            PermitOffice honest = office;
            office =
                    (host, offer, challenge) ->
                            honest.decide(
                                    host,
                                    offer,
                                    new Challenge(
                                            challenge.effectId(),
                                            challenge.nonce(),
                                            neighbour(challenge.identity()),
                                            challenge.operationDigest(),
                                            challenge.evidenceDigest()));
            assertThat(perform(offer("e-3", "step.count")))
                    .isEqualTo(
                            refused(
                                    "permit.host: the permit is for another host or another state of it"));

            assertThat(step.runs).hasValue(0);
            assertThat(chain.entries())
                    .extracting(LedgerEntry::type)
                    .containsExactly(
                            "agent.started", "permit.denied", "permit.denied", "permit.denied");
        }
    }

    @Test
    void anOperationThatTheHostDoesNotKnowIsRefused() {
        try (Ledger chain = openChain();
                Agent _ = start(chain, LONG)) {
            assertThat(perform(offer("e-1", "rm.everything")))
                    .isInstanceOfSatisfying(
                            Outcome.Refused.class,
                            refused ->
                                    assertThat(refused.reasons().getFirst().says())
                                            .startsWith(
                                                    "no operation rm.everything in this host's configuration, found ["));
            assertThat(
                            perform(
                                    Offer.of(
                                            "e-2",
                                            SUBJECTS.change(),
                                            "step.count",
                                            Map.of("path", "/"))))
                    .isEqualTo(
                            new Outcome.Refused(
                                    List.of(
                                            new Outcome.Reason(
                                                    "arguments",
                                                    "permit",
                                                    "step.count takes [], found [path]"))));
            assertThat(step.runs).hasValue(0);
        }
    }

    @Test
    void anUndoIsPaidWhenTheControllerFallsSilentButNotACancelledOne() {
        Offer cancel = Offer.of("e-3", SUBJECTS.change(), "undo.cancel", Map.of("effect", "e-1"));
        try (Ledger chain = openChain()) {
            try (Agent _ = start(chain, Duration.ofSeconds(6))) {
                assertThat(perform(offer("e-1", "fence.cancelled")))
                        .isInstanceOf(Outcome.Done.class);
                assertThat(perform(offer("e-2", "fence"))).isInstanceOf(Outcome.Done.class);
                assertThat(perform(cancel)).isEqualTo(new Outcome.Done(Map.of("cancelled", "e-1")));
                assertThat(undo.runs).as("while the controller answers").hasValue(0);

                server.close();
                await(() -> undo.runs.get() > 0);
            }
            assertThat(undo.runs).hasValue(1);
            assertThat(cancelledUndo.runs).hasValue(0);
            LedgerEntry paid = chain.entries().getLast();
            assertThat(paid.type()).isEqualTo("undo.paid");
            assertThat(paid.body().path("effect").asString()).isEqualTo("e-2");
            assertThat(paid.body().path("because").asString())
                    .isEqualTo("the controller is silent");
        }
    }

    private PermitOffice offers(Optional<Dossier> dossier) {
        return new SignedPermits(controllerKey, ledger, _ -> dossier, Duration.ofSeconds(60));
    }

    private Ledger openChain() {
        return Ledger.open(folder.resolve("ledgers"), "db1", agentKey, time);
    }

    private Agent start(Ledger chain, Duration silenceMax) {
        return start(chain, silenceMax, time);
    }

    private Agent start(Ledger chain, Duration silenceMax, Time agentTime) {
        List<OperationSpec> operations =
                List.of(
                        OperationSpec.step("step.count", step),
                        OperationSpec.step("step.fails-first", failsFirst),
                        OperationSpec.step("thaw", thaw),
                        OperationSpec.undoable(
                                "fence",
                                new TestHost.Counter(),
                                new OperationSpec.Undo("thaw", undo, LONG)),
                        OperationSpec.undoable(
                                "fence.slow",
                                new TestHost.Until(() -> lateUndo.runs.get() > 0),
                                new OperationSpec.Undo("thaw", lateUndo, Duration.ZERO)),
                        OperationSpec.undoable(
                                "fence.cancelled",
                                new TestHost.Counter(),
                                new OperationSpec.Undo("thaw", cancelledUndo, LONG)));
        var config =
                new AgentConfig(
                        TestHost.at("db1", folder),
                        controller,
                        TrustedKeys.none().with(PermitCheck.CONTROLLER, controllerKey.publicKey()),
                        TrustedKeys.none(),
                        1,
                        silenceMax,
                        AgentConfig.byName(operations, OperationSpec::name),
                        Map.of());
        return Agent.start(config, fleet.issueClient("db1", time.now()), chain, agentTime);
    }

    private Outcome perform(Offer offer) {
        return mailbox.perform("db1", offer, DEADLINE);
    }

    private static Offer offer(String effect, String operation) {
        return Offer.of(effect, SUBJECTS.change(), operation, Map.of());
    }

    private ControllerLink link(String host) {
        return new ControllerLink(controller, fleet.issueClient(host, time.now()));
    }

    private static Challenge challenge(Offer offer) {
        return new Challenge(
                offer.effectId(),
                "n0nce",
                new HostIdentity("m", "b", "h", ""),
                offer.operationDigest(),
                "");
    }

    private static HostIdentity neighbour(HostIdentity host) {
        return new HostIdentity(host.machineId(), host.bootId(), "f".repeat(32), host.target());
    }

    private static Outcome refused(String says) {
        return new Outcome.Refused(List.of(new Outcome.Reason("permit", "permit", says)));
    }

    /// Trusts the fleet's authority, whoever issued what it shows.
    private SSLContext trustingFleet(Optional<Credentials> shown) throws Exception {
        char[] noPassword = new char[0];
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, noPassword);
        trusted.setCertificateEntry("authority", fleet.certificate());
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        KeyStore own = KeyStore.getInstance("PKCS12");
        own.load(null, noPassword);
        if (shown.isPresent()) {
            own.setKeyEntry(
                    "own",
                    shown.get().key(),
                    noPassword,
                    new Certificate[] {shown.get().certificate(), shown.get().authority()});
        }
        var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(own, noPassword);
        SSLContext context = SSLContext.getInstance("TLSv1.3");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    private int next(SSLContext tls) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newBuilder().sslContext(tls).build()) {
            return client.send(
                            HttpRequest.newBuilder(
                                            controller.resolve("/v1/offers/next?waitMillis=0"))
                                    .build(),
                            HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        }
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + DEADLINE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("deadline").isLessThan(end);
            LockSupport.parkNanos(20_000_000);
        }
    }
}
