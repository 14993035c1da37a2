package io.backstay.node.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backstay.doors.Disk;
import io.backstay.lab.Accounts;
import io.backstay.lab.RunFile;
import io.backstay.lab.ServerBinaries;
import io.backstay.lab.ServerSettings;
import io.backstay.mysql.Server;
import io.backstay.node.host.Account;
import io.backstay.node.host.DatabaseHost;
import io.backstay.node.host.HostFolders;
import io.backstay.node.host.LabServerControl;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What takes a real server out of service, and what must keep it from that.
class OutOfServiceIT {
    private static final String VERSION = "10.11.5";
    private static final String ADDRESS = "127.34.9.5";
    private static final int PORT = 34095;

    @TempDir Path folder;
    private RunFile runFile;
    private DatabaseHost host;

    @BeforeEach
    void startServer() {
        runFile = RunFile.open(folder.resolve("run.json"));
        var folders = new HostFolders(Disk.folder(folder.resolve("db1")));
        var control =
                new LabServerControl(
                        ServerSettings.of(
                                ServerBinaries.require(VERSION, ServerBinaries.home()),
                                folders.data(),
                                folders.run(),
                                ADDRESS,
                                PORT,
                                Accounts.random()),
                        runFile);
        control.initialise(VERSION);
        control.start(VERSION);
        host =
                new DatabaseHost(
                        "db1",
                        "alpha",
                        ADDRESS,
                        PORT,
                        folders,
                        Disk.folder(folder.resolve("agent")),
                        control,
                        List.of(),
                        new Account("repl", "not used"),
                        folder);
    }

    @AfterEach
    void sweep() {
        runFile.sweep();
        runFile.close();
    }

    @Test
    void aMemberThatAGuardOfAnotherCountsOnIsNeitherDrainedNorFencedNorStopped() throws Exception {
        ServiceMark.set(host);
        try (Server guard = host.server().connect()) {
            assertThat(guard.requireValue("SELECT GET_LOCK('backstay/alpha', 0)")).isEqualTo("1");

            refuses("drain", new Drain());
            refuses("fence", new Fence());
            refuses("stop", new StopServer());

            assertThat(host.server().isRunning()).isTrue();
            assertThat(guard.requireValue("SELECT @@read_only")).isEqualTo("0");
            // another cluster's lease is none on this one
            guard.requireValue("SELECT RELEASE_LOCK('backstay/alpha')");
            guard.requireValue("SELECT GET_LOCK('backstay/alpha2', 0)");
            assertThat(new StopServer().run(host, Map.of())).containsKey("gtidBinlogState");
        }
        assertThat(host.server().isRunning()).isFalse();
    }

    @Test
    void aDrainThatIsRefusedLeavesTheMemberInService() throws Exception {
        try (Server guard = host.server().connect()) {
            guard.requireValue("SELECT GET_LOCK('backstay/alpha', 0)");

            refuses("drain", new Drain());

            assertThat(ServiceMark.isSet(host)).isFalse();
        }
    }

    // without its bound the fence would wait for a day
    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aFenceThatLockedTablesHoldUpEndsWithAnErrorAndTheSourceTakesWrites() throws Exception {
        try (Server client = host.server().connect();
                Server other = host.server().connect()) {
            client.execute("CREATE DATABASE shop");
            client.execute("CREATE TABLE shop.orders (id INT PRIMARY KEY)");
            client.execute("LOCK TABLES shop.orders WRITE");

            assertThatThrownBy(() -> new Fence().run(host, Map.of()))
                    .hasMessageContaining("Lock wait timeout exceeded");

            assertThat(other.requireValue("SELECT @@read_only")).isEqualTo("0");
            client.execute("INSERT INTO shop.orders VALUES (1)");
            client.execute("UNLOCK TABLES");
        }
        assertThat(new Fence().run(host, Map.of())).containsKey("gtidPosition");
    }

    private void refuses(String what, Operation operation) {
        assertThatThrownBy(() -> operation.run(host, Map.of()))
                .hasMessageStartingWith(
                        "cannot %s db1: expected no lease backstay/alpha on its server, found one held by connection "
                                .formatted(what));
    }
}
