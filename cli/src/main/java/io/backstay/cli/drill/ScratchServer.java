package io.backstay.cli.drill;

import io.backstay.doors.Disk;
import io.backstay.lab.ServerBinaries;
import io.backstay.lab.ServerSettings;
import io.backstay.mysql.Server;
import io.backstay.mysql.ServerAddress;
import io.backstay.node.host.LabServerControl;
import java.nio.file.Path;

/// A server of its own for one restore, gone when closed.
final class ScratchServer implements AutoCloseable {
    private final LabServerControl control;
    private final Path folder;

    private ScratchServer(LabServerControl control, Path folder) {
        this.control = control;
        this.folder = folder;
    }

    /// @param number tells several of them apart
    static ScratchServer start(Stage stage, int number, String version) {
        Path folder = stage.folders.root().resolve("scratch-" + number);
        Disk.deleteTree(folder);
        Disk.folder(folder);
        var control =
                new LabServerControl(
                        ServerSettings.of(
                                        ServerBinaries.require(version, ServerBinaries.home()),
                                        folder.resolve("data"),
                                        folder.resolve("run"),
                                        "127." + Stage.SCRATCH_SUBNET + ".0." + number,
                                        240 + number,
                                        stage.secrets.accounts())
                                .withPort(stage.options.port())
                                .withOptions("--skip-log-bin"),
                        stage.runFile);
        control.initialise(version);
        control.start(version);
        return new ScratchServer(control, folder);
    }

    ServerAddress address() {
        return control.address();
    }

    Server connect() {
        return control.connect();
    }

    @Override
    public void close() {
        control.stop();
        Disk.deleteTree(folder);
    }
}
