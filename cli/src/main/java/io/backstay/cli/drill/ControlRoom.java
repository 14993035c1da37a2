package io.backstay.cli.drill;

import io.backstay.doors.Disk;
import io.backstay.doors.Time;
import io.backstay.ledger.Ledger;
import io.backstay.ledger.seal.TrustedKeys;
import io.backstay.node.agent.Agent;
import io.backstay.node.agent.AgentConfig;
import io.backstay.node.agent.DatabaseOperations;
import io.backstay.node.agent.GuardedSpec;
import io.backstay.node.controller.ControllerServer;
import io.backstay.node.controller.Dossier;
import io.backstay.node.controller.Mailbox;
import io.backstay.node.controller.PermitOffice;
import io.backstay.node.controller.SignedHeads;
import io.backstay.node.controller.SignedPermits;
import io.backstay.node.host.DatabaseHost;
import io.backstay.node.operation.RunScript;
import io.backstay.node.pki.CertificateAuthority;
import io.backstay.rollout.protocol.Hosts;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import tools.jackson.databind.json.JsonMapper;

/// The drill's control plane: one controller, one agent a host, all over the real protocol with
/// certificates made at start.
public final class ControlRoom implements AutoCloseable {
    /// A fenced source takes writes again after this long unless its controller cancels that.
    private static final Duration FENCE_UNDO = Duration.ofSeconds(15);

    private static final Duration SILENCE_MAX = Duration.ofSeconds(30);
    private static final Duration PERMIT_VALID = Duration.ofSeconds(60);
    private static final Duration CERTIFICATES_VALID = Duration.ofHours(12);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final DrillFolders folders;
    private final KeyRing keys;
    private final Time time;
    private final CertificateAuthority authority;
    private final Ledger ledger;
    private final Mailbox mailbox;
    private final ControllerServer server;
    private final URI address;
    private final AtomicReference<PermitOffice> office;
    private final PermitOffice honestOffice;
    private final Map<String, Agent> agents = new HashMap<>();
    private final Map<String, Ledger> agentLedgers = new ConcurrentHashMap<>();

    public ControlRoom(DrillFolders folders, KeyRing keys, InetSocketAddress listen, Time time) {
        this.folders = folders;
        this.keys = keys;
        this.time = time;
        this.authority =
                CertificateAuthority.create("backstay drill", time.now(), CERTIFICATES_VALID);
        this.ledger =
                Ledger.open(
                        folders.ledgers(), KeyRing.CONTROLLER, keys.of(KeyRing.CONTROLLER), time);
        this.mailbox = new Mailbox(time);
        this.honestOffice =
                new SignedPermits(keys.of(KeyRing.CONTROLLER), ledger, this::find, PERMIT_VALID);
        this.office = new AtomicReference<>(honestOffice);
        try {
            this.server =
                    ControllerServer.start(
                            mailbox,
                            (host, offer, challenge) -> office.get().decide(host, offer, challenge),
                            new SignedHeads(ledger, host -> keys.trusted(List.of(host))),
                            authority.issueServer(
                                    KeyRing.CONTROLLER,
                                    List.of(InetAddress.getByName(listen.getHostString())),
                                    time.now()),
                            listen);
        } catch (UnknownHostException e) {
            throw new UncheckedIOException(e);
        }
        this.address =
                URI.create("https://%s:%d".formatted(listen.getHostString(), listen.getPort()));
    }

    /// The controller's own chain.
    public Ledger ledger() {
        return ledger;
    }

    public Hosts hosts() {
        return mailbox;
    }

    /// Starts a host's agent.
    ///
    /// @param reinstall what lays this host down anew
    /// @param approvalsMin 0 on a twin, where nothing is anybody's
    public void startAgent(
            DatabaseHost host,
            RunScript script,
            GuardedSpec.Destroyer reinstall,
            DatabaseOperations.Witness witness,
            Set<String> disposable,
            int approvalsMin) {
        Ledger chain = Ledger.open(folders.ledgers(), host.name(), keys.of(host.name()), time);
        agentLedgers.put(host.name(), chain);
        var config =
                new AgentConfig(
                        host,
                        address,
                        keys.trusted(List.of(KeyRing.CONTROLLER)),
                        keys.trusted(KeyRing.APPROVERS),
                        approvalsMin,
                        SILENCE_MAX,
                        DatabaseOperations.all(FENCE_UNDO, script),
                        DatabaseOperations.guarded(reinstall, witness, 2, disposable));
        agents.put(
                host.name(),
                Agent.start(config, authority.issueClient(host.name(), time.now()), chain, time));
    }

    /// Ends a host's agent; its chain stays.
    public void stopAgent(String host) {
        Agent agent = agents.remove(host);
        if (agent != null) {
            agent.close();
        }
        Ledger chain = agentLedgers.remove(host);
        if (chain != null) {
            chain.close();
        }
    }

    /// Lets a controller lie or err, to see what the agents make of it; the honest one is back when
    /// this is closed.
    public AutoCloseable misbehave(PermitOffice instead) {
        office.set(instead);
        return () -> office.set(honestOffice);
    }

    public PermitOffice honestOffice() {
        return honestOffice;
    }

    /// Grants for a second only.
    public PermitOffice shortOffice() {
        return new SignedPermits(
                keys.of(KeyRing.CONTROLLER), ledger, this::find, Duration.ofSeconds(1));
    }

    public KeyRing keys() {
        return keys;
    }

    /// Opens a change: from now on permits rest on this.
    public void open(Dossier dossier) {
        Path folder = Disk.folder(folders.root().resolve("approvals"));
        Disk.writeAtomically(
                folder.resolve(dossier.subjects().change() + ".json"),
                JSON.writeValueAsString(dossier));
    }

    private Optional<Dossier> find(String changeDigest) {
        Path file = folders.root().resolve("approvals").resolve(changeDigest + ".json");
        return changeDigest.matches("[0-9a-f]{64}") && Files.exists(file)
                ? Optional.of(JSON.readValue(Disk.readText(file), Dossier.class))
                : Optional.empty();
    }

    /// The keys whose chains and statements are believed in this drill.
    public TrustedKeys everybody() {
        return TrustedKeys.load(keys.publicFolder());
    }

    /// Does something while nobody can write to a chain: who wants to, waits. For an end in which
    /// what breaks must not be told as what somebody did.
    void whileNothingIsWritten(Runnable work) {
        List<Ledger> chains = new ArrayList<>();
        chains.add(ledger);
        chains.addAll(List.copyOf(agentLedgers.values()));
        hold(chains.iterator(), work);
    }

    private static void hold(Iterator<Ledger> chains, Runnable work) {
        if (!chains.hasNext()) {
            work.run();
            return;
        }
        synchronized (chains.next()) {
            hold(chains, work);
        }
    }

    @Override
    public void close() {
        agents.values().forEach(Agent::close);
        server.close();
        agentLedgers.values().forEach(Ledger::close);
        ledger.close();
    }
}
