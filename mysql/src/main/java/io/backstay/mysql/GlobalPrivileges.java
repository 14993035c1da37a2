package io.backstay.mysql;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What the account of a session may do in every schema, as its own `SHOW GRANTS` says, active
/// roles included.
///
/// A server hides from an account what it may not see, without an error: an empty answer of
/// `information_schema` means something only to an account whose privileges are known. Grants on
/// single schemas count for nothing here. Names as in MariaDB knowledge base, "GRANT".
public final class GlobalPrivileges {
    private static final Pattern GLOBAL = Pattern.compile("GRANT (.+?) ON \\*\\.\\* TO (.+)");

    private final Set<String> names;
    private final boolean isAll;

    private GlobalPrivileges(Set<String> names, boolean isAll) {
        this.names = names;
        this.isAll = isAll;
    }

    public static GlobalPrivileges of(Server server) {
        return parse(
                server.rows("SHOW GRANTS").stream()
                        .flatMap(row -> row.values().values().stream())
                        .flatMap(Optional::stream)
                        .toList());
    }

    /// @param grants a statement each
    static GlobalPrivileges parse(List<String> grants) {
        var names = new HashSet<String>();
        boolean isAll = false;
        for (String grant : grants) {
            Matcher matcher = GLOBAL.matcher(grant);
            if (matcher.matches()) {
                for (String name : matcher.group(1).split(",", -1)) {
                    names.add(name.strip().toUpperCase(Locale.ROOT));
                }
                if (matcher.group(2).endsWith(" WITH GRANT OPTION")) {
                    names.add("GRANT OPTION");
                }
                isAll |= names.contains("ALL PRIVILEGES");
            }
        }
        return new GlobalPrivileges(names, isAll);
    }

    /// Those of the wanted ones that the account does not have, in their order.
    public List<String> missing(Collection<String> wanted) {
        var missing = new ArrayList<String>();
        for (String name : wanted) {
            // ALL PRIVILEGES does not hold the right to hand them on
            if (!names.contains(name) && (!isAll || name.equals("GRANT OPTION"))) {
                missing.add(name);
            }
        }
        return missing;
    }
}
