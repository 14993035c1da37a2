package io.backstay.node.agent;

import io.backstay.ledger.seal.TrustedKeys;
import io.backstay.node.host.DatabaseHost;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/// What one agent was told by the people who installed it. Nothing in it ever comes from a request.
///
/// @param controllerKeys whose permits count
/// @param approverKeys whose approvals count
/// @param approvalsMin approvals by different people that a destroying operation needs; 0 on a twin
///   only
/// @param silenceMax after this long without a word from the controller, recorded undos are paid
public record AgentConfig(
        DatabaseHost host,
        URI controller,
        TrustedKeys controllerKeys,
        TrustedKeys approverKeys,
        int approvalsMin,
        Duration silenceMax,
        Map<String, OperationSpec> operations,
        Map<String, GuardedSpec> guarded) {

    public AgentConfig {
        operations = Map.copyOf(operations);
        guarded = Map.copyOf(guarded);
    }

    public static <S> Map<String, S> byName(List<S> specs, Function<S, String> name) {
        return specs.stream().collect(Collectors.toUnmodifiableMap(name, spec -> spec));
    }
}
