package io.backstay.cli;

import picocli.CommandLine.Command;

@Command(
        name = "certificate",
        description = "Certificates of restores.",
        subcommands = ArchiveCertificateVerifyCommand.class)
final class ArchiveCertificateCommand {}
