package io.backstay.node.consent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backstay.doors.Problem;
import io.backstay.doors.Time;
import io.backstay.guard.GuardAnswer;
import io.backstay.guard.Verdict;
import io.backstay.guard.consent.ConsentIssuer;
import io.backstay.guard.consent.IssuingHost;
import io.backstay.guard.consent.SpentConsents;
import io.backstay.ledger.Ledger;
import io.backstay.ledger.seal.SigningKey;
import io.backstay.ledger.seal.TrustedKeys;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A machine's firmware asks what to boot, over real HTTP.
class ConsentServerTest {
    private static final String UUID = "4c4c4544-0042-3510-8054-b4c04f4a3132";
    private static final String INSTALLER = "#!ipxe\nchain http://installer/db\n";

    @TempDir Path folder;
    private final SigningKey key = SigningKey.generate();
    private final ConcurrentLinkedQueue<String> log = new ConcurrentLinkedQueue<>();
    private final HttpClient client = HttpClient.newHttpClient();
    private Path consents;
    private ConsentServer server;

    @BeforeEach
    void start() throws Exception {
        consents = Files.createDirectory(folder.resolve("consents"));
        Path spent = Files.createDirectory(folder.resolve("spent"));
        Files.setPosixFilePermissions(spent, PosixFilePermissions.fromString("rwx------"));
        TrustedKeys.save(folder.resolve("keys"), "db1", key.publicKey());
        Path installer = Files.writeString(folder.resolve("installer.ipxe"), INSTALLER);
        server =
                ConsentServer.start(
                        new ConsentServer.Setup(
                                consents,
                                folder.resolve("keys"),
                                SpentConsents.open(spent),
                                "reinstall",
                                "host",
                                BootScripts.read(installer, Optional.empty()),
                                Time.system()),
                        new InetSocketAddress("127.0.0.1", 0),
                        log::add);
    }

    @AfterEach
    void stop() {
        server.close();
        client.close();
    }

    private String consent() {
        var host = new IssuingHost("machine-1", UUID, "boot-1");
        var cleared =
                new GuardAnswer(
                        "reinstall",
                        "host",
                        new Verdict.Cleared(List.of()),
                        List.of(),
                        "boot-1",
                        Instant.now(),
                        Duration.ZERO);
        try (Ledger ledger = Ledger.open(folder.resolve("ledger"), "guard", key, Time.system())) {
            return new ConsentIssuer(ledger, key, host, Duration.ofMinutes(10), Time.system())
                    .issue(cleared)
                    .signed();
        }
    }

    private HttpRequest request(String method, String path) {
        return HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:%d%s".formatted(server.port(), path)))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build();
    }

    private String get(String path) throws Exception {
        HttpResponse<String> answer = client.send(request("GET", path), BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        return answer.body();
    }

    @Test
    void silenceBootsTheLocalDisk() throws Exception {
        assertThat(get("/boot/db1.ipxe?uuid=" + UUID)).isEqualTo(BootScripts.LOCAL_DISK);
        assertThat(log).containsExactly("local disk for db1: no consent lies there");
    }

    @Test
    void consentBootsTheInstallerOnce() throws Exception {
        Files.writeString(consents.resolve("db1.consent"), consent() + "\n");
        assertThat(get("/boot/db1.ipxe?uuid=" + UUID)).isEqualTo(INSTALLER);
        assertThat(get("/boot/db1.ipxe?uuid=" + UUID)).isEqualTo(BootScripts.LOCAL_DISK);
    }

    @Test
    void otherMachinesHostsAndMethodsGetNoInstallerAndSpendNothing() throws Exception {
        String signed = consent();
        Files.writeString(consents.resolve("db1.consent"), signed);
        Files.writeString(consents.resolve("db2.consent"), signed);
        Files.writeString(folder.resolve("outside.consent"), signed);
        Files.createSymbolicLink(consents.resolve("db3.consent"), consents.resolve("db1.consent"));
        for (String path :
                List.of(
                        "/boot/db1.ipxe",
                        "/boot/db1.ipxe?uuid=",
                        "/boot/db1.ipxe?uuid=4c4c4544-0042-3510-8054-000000000000",
                        "/boot/db2.ipxe?uuid=" + UUID,
                        "/boot/db3.ipxe?uuid=" + UUID,
                        "/boot/db1?uuid=" + UUID,
                        "/boot/.ipxe?uuid=" + UUID)) {
            assertThat(get(path)).as(path).isEqualTo(BootScripts.LOCAL_DISK);
        }
        assertThat(
                        client.send(
                                        request("GET", "/boot/..%2Foutside.ipxe?uuid=" + UUID),
                                        BodyHandlers.ofString())
                                .body())
                .doesNotContain("installer");
        for (String method : List.of("HEAD", "POST", "OPTIONS")) {
            client.send(request(method, "/boot/db1.ipxe?uuid=" + UUID), BodyHandlers.ofString());
        }
        assertThat(get("/boot/db1.ipxe?uuid=" + UUID)).isEqualTo(INSTALLER);
    }

    @Test
    void whatCannotBeReadBootsTheLocalDisk() throws Exception {
        Files.writeString(consents.resolve("db1.consent"), "x".repeat(1 << 17));
        assertThat(get("/boot/db1.ipxe?uuid=" + UUID)).isEqualTo(BootScripts.LOCAL_DISK);
        Files.writeString(consents.resolve("db1.consent"), consent());
        Files.writeString(folder.resolve("keys/odd.pub"), "no key");
        assertThat(get("/boot/db1.ipxe?uuid=" + UUID)).isEqualTo(BootScripts.LOCAL_DISK);
        Files.delete(folder.resolve("keys/odd.pub"));
        assertThat(get("/boot/db1.ipxe?uuid=" + UUID)).isEqualTo(INSTALLER);
    }

    @Test
    void ofManyAskingAtOnceOneGetsTheInstaller() throws Exception {
        Files.writeString(consents.resolve("db1.consent"), consent());
        List<CompletableFuture<HttpResponse<String>>> asked =
                IntStream.range(0, 16)
                        .mapToObj(
                                _ ->
                                        client.sendAsync(
                                                request("GET", "/boot/db1.ipxe?uuid=" + UUID),
                                                BodyHandlers.ofString()))
                        .toList();
        assertThat(asked.stream().map(CompletableFuture::join).map(HttpResponse::body))
                .containsOnlyOnce(INSTALLER)
                .hasSize(16);
    }

    @Test
    void fileThatIsNoScriptIsNotServed() throws Exception {
        Path page = Files.writeString(folder.resolve("page.html"), "<html>");
        assertThatThrownBy(() -> BootScripts.read(page, Optional.empty()))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("expected an iPXE script");
    }
}
