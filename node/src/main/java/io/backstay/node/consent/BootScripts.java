package io.backstay.node.consent;

import io.backstay.doors.Disk;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import java.nio.file.Path;
import java.util.Optional;

/// The two iPXE scripts a machine can get.
///
/// @param installer destroys what is on the machine
/// @param local boots what is on the machine
public record BootScripts(String installer, String local) {
    private static final String MAGIC = "#!ipxe";

    /// On EFI the firmware goes on to its next boot entry, elsewhere the first disk is started.
    static final String LOCAL_DISK =
            """
            #!ipxe
            echo Backstay: no consent to a reinstall; booting what is on this machine
            iseq ${platform} efi && exit ||
            sanboot --no-describe --drive 0x80 || exit
            """;

    /// @param local empty for [#LOCAL_DISK]
    /// @throws Problem if a file is no iPXE script
    public static BootScripts read(Path installer, Optional<Path> local) {
        return new BootScripts(
                script(installer), local.map(BootScripts::script).orElse(LOCAL_DISK));
    }

    private static String script(Path file) {
        String text = Disk.readText(file);
        if (!text.startsWith(MAGIC)) {
            throw new Problem(
                    ErrorCode.BAD_FILE,
                    "cannot serve %s: expected an iPXE script, found no `%s` at its start"
                            .formatted(file, MAGIC),
                    "name the script that your installer is booted with.");
        }
        return text;
    }
}
