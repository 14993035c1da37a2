package io.backstay.node.operation;

import io.backstay.node.host.DatabaseHost;
import java.util.Map;

/// One thing an agent can do on its own host. Begun again, it goes on from what is already so.
public interface Operation {

    /// @param arguments as declared by [#parameters]; all of them are there
    /// @return what was measured or seen, by name
    Map<String, String> run(DatabaseHost host, Map<String, String> arguments) throws Exception;

    /// Names of the arguments it takes; any other, or one fewer, is refused before it begins.
    java.util.Set<String> parameters();
}
