package io.backstay.rollout.run;

import java.util.Map;

/// Where a run writes what it is about to do and what came of it. Durable when it returns; if it
/// throws, nothing is done.
public interface Journal {

    /// @param host empty for what concerns no single host
    void append(String type, String host, Map<String, String> body);
}
