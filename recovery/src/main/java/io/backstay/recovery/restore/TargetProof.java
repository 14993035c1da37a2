package io.backstay.recovery.restore;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.mysql.Identifier;
import io.backstay.mysql.Schemas;
import io.backstay.mysql.Server;
import io.backstay.mysql.ServerVersion;
import io.backstay.recovery.archive.BaseDocument;
import io.backstay.recovery.rows.Rows;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;

/// Whether a target may be loaded: empty, unused, and able to hold the base. Looks only.
final class TargetProof {
    private static final int DIGEST_DIGITS = 12;

    private final Server server;
    private final TargetFlavour target;
    private final List<String> reasons = new ArrayList<>();

    private TargetProof(Server server) {
        this.server = server;
        target = TargetFlavour.of(server);
    }

    /// What a target is that needs nobody's word.
    static final String EMPTY = "proven empty";

    /// Errors: a refusal with every reason at once.
    ///
    /// @return what allows the target to be changed: [#EMPTY], or the digest that was confirmed
    static String require(
            Server server, RestoreRequest request, RestorePlan plan, RestoreMarker marker) {
        var proof = new TargetProof(server);
        proof.requireAbility(plan.document());
        if (!plan.selection().isAll()) {
            proof.requireFreeNames(plan.document(), marker);
        }
        proof.reasons.addAll(proof.target.replication());
        if (plan.isDelta()) {
            proof.reasons.addAll(proof.target.clients());
            proof.requireNoOtherTables(plan.document());
        }
        var use = new TargetProof(server);
        use.requireNoForeignData(marker);
        use.reasons.addAll(use.target.clients());
        use.reasons.addAll(use.target.history(marker));
        if (plan.selection().isAll() && !plan.isDelta()) {
            proof.reasons.addAll(use.reasons);
        }
        if (!proof.reasons.isEmpty()) {
            throw new Problem(
                    ErrorCode.REFUSED,
                    "target "
                            + server.address()
                            + " is not proven empty and fit: "
                            + String.join("; ", proof.reasons),
                    plan.selection().isAll()
                            ? "give a fresh server. Nothing was changed on this one."
                            : "mend that, or choose other names with --rename-database OLD=NEW. Nothing was changed.");
        }
        return use.reasons.isEmpty() ? EMPTY : confirmed(server, request, plan, use.reasons);
    }

    private static String confirmed(
            Server server, RestoreRequest request, RestorePlan plan, List<String> reasons) {
        String digest = plan.digest(request.target());
        String given = request.confirmation();
        if (given.length() >= DIGEST_DIGITS && digest.startsWith(given)) {
            return "plan " + digest;
        }
        String first = digest.substring(0, DIGEST_DIGITS);
        throw new Problem(
                ErrorCode.REFUSED,
                "target %s is in use (%s), and %s\n%s"
                        .formatted(
                                server.address(),
                                String.join("; ", reasons),
                                given.isEmpty()
                                        ? "this plan has not been confirmed:"
                                        : "what was confirmed, "
                                                + given
                                                + ", is another plan than:",
                                plan.text().stripTrailing()),
                "if that is what you want, run it again with `--digest %s`. Nothing was changed."
                        .formatted(first));
    }

    private void requireAbility(BaseDocument base) {
        ServerVersion version = server.version();
        ServerVersion from = ServerVersion.parse(base.source().version());
        reasons.addAll(target.unfit(base.source()));
        if (version.flavour() == from.flavour()
                && (version.major() < from.major()
                        || (version.major() == from.major() && version.minor() < from.minor()))) {
            reasons.add("its version " + version + " is older than the base's " + from);
        }
        int caseSetting = Integer.parseInt(server.requireValue("SELECT @@lower_case_table_names"));
        int wanted = base.source().lowerCaseTableNames();
        if (wanted != BaseDocument.CASE_SETTING_UNKNOWN && caseSetting != wanted) {
            reasons.add(
                    "its lower_case_table_names is " + caseSetting + ", the base's was " + wanted);
        }
        if (!server.requireValue("SELECT @@local_infile").equals("1")) {
            reasons.add("its local_infile is off");
        }
        if (!server.requireValue("SELECT @@innodb_read_only").equals("0")) {
            reasons.add("its innodb_read_only is on");
        }
    }

    private void requireNoForeignData(RestoreMarker marker) {
        for (var row :
                Rows.of(
                        server,
                        "SELECT s.SCHEMA_NAME, (SELECT COUNT(*) FROM information_schema.TABLES t WHERE t.TABLE_SCHEMA ="
                                + " s.SCHEMA_NAME) + (SELECT COUNT(*) FROM information_schema.ROUTINES r WHERE"
                                + " r.ROUTINE_SCHEMA = s.SCHEMA_NAME) + (SELECT COUNT(*) FROM information_schema.EVENTS"
                                + " e WHERE e.EVENT_SCHEMA = s.SCHEMA_NAME) FROM information_schema.SCHEMATA s WHERE"
                                + " s.SCHEMA_NAME NOT IN ('mysql', 'information_schema', 'performance_schema', 'sys')")) {
            String schema = String.valueOf(row.get(0));
            boolean isEmptyTest = schema.equals("test") && "0".equals(row.get(1));
            if (!isEmptyTest && !marker.owns(schema)) {
                reasons.add("it holds the schema " + schema);
            }
        }
    }

    /// What the base does not have would stay, unproven.
    private void requireNoOtherTables(BaseDocument base) {
        var known = new HashSet<String>();
        base.tables().forEach(table -> known.add(table.qualifiedName()));
        base.programs().forEach(program -> known.add(program.schema() + "." + program.name()));
        for (String schema : Schemas.list(server)) {
            for (var name : Schemas.tables(server, schema).keySet()) {
                if (!known.contains(name.toString())
                        && !name.schema().equals(RestoreMarker.SCHEMA)) {
                    reasons.add("it holds the table " + name + ", which the base does not have");
                }
            }
        }
    }

    /// Neither a table nor a program of ours would replace one that is there.
    private void requireFreeNames(BaseDocument base, RestoreMarker marker) {
        for (var table : base.tables()) {
            if (!marker.ownsTable(table.schema(), table.name())
                    && has("TABLES", "TABLE_SCHEMA", "TABLE_NAME", table.schema(), table.name())) {
                reasons.add("it holds the table " + table.qualifiedName());
            }
        }
        for (var program : base.programs()) {
            boolean isThere =
                    switch (program.kind()) {
                        case "VIEW", "SEQUENCE" ->
                                has(
                                        "TABLES",
                                        "TABLE_SCHEMA",
                                        "TABLE_NAME",
                                        program.schema(),
                                        program.name());
                        case "TRIGGER" ->
                                has(
                                        "TRIGGERS",
                                        "TRIGGER_SCHEMA",
                                        "TRIGGER_NAME",
                                        program.schema(),
                                        program.name());
                        case "EVENT" ->
                                has(
                                        "EVENTS",
                                        "EVENT_SCHEMA",
                                        "EVENT_NAME",
                                        program.schema(),
                                        program.name());
                        default ->
                                has(
                                        "ROUTINES",
                                        "ROUTINE_SCHEMA",
                                        "ROUTINE_NAME",
                                        program.schema(),
                                        program.name());
                    };
            if (isThere && !marker.ownsProgram(program.kind(), program.schema(), program.name())) {
                reasons.add(
                        "it holds the %s %s.%s"
                                .formatted(
                                        program.kind().toLowerCase(Locale.ROOT),
                                        program.schema(),
                                        program.name()));
            }
        }
    }

    private boolean has(
            String view, String schemaColumn, String nameColumn, String schema, String name) {
        return server.findValue(
                        "SELECT 1 FROM information_schema.%s WHERE %s = %s AND %s = %s LIMIT 1"
                                .formatted(
                                        view,
                                        schemaColumn,
                                        Identifier.text(schema),
                                        nameColumn,
                                        Identifier.text(name)))
                .isPresent();
    }
}
