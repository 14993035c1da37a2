package io.backstay.cli;

import io.backstay.recovery.restore.Selection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Which part of a base is meant.
@Command
final class SelectionOptions {
    @Option(
            names = "--databases",
            split = ",",
            paramLabel = "NAME",
            description = "Only these databases, with all that is in them.")
    private List<String> databases = List.of();

    @Option(
            names = "--tables",
            split = ",",
            paramLabel = "DATABASE.TABLE",
            description = "Only these tables.")
    private List<String> tables = List.of();

    @Option(
            names = "--rename-database",
            split = ",",
            paramLabel = "OLD=NEW",
            description = "Restore a database under another name.")
    private Map<String, String> renames = new LinkedHashMap<>();

    @Option(
            names = "--without-foreign-keys",
            description = "Leave out foreign keys whose parent table is not restored.")
    private boolean isWithoutForeignKeys;

    Selection selection() {
        return new Selection(
                Set.copyOf(databases), Set.copyOf(tables), renames, isWithoutForeignKeys);
    }
}
