package io.backstay.recovery.rows;

import io.backstay.mysql.Server;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A statement's rows by column number, for SHOW statements whose labels differ by what is shown.
public final class Rows {
    private Rows() {}

    public static List<List<@Nullable String>> of(Server server, String sql) {
        var rows = new ArrayList<List<@Nullable String>>();
        for (var row : server.rows(sql)) {
            var values = new ArrayList<@Nullable String>();
            row.values().values().forEach(value -> values.add(value.orElse(null)));
            rows.add(values);
        }
        return rows;
    }
}
