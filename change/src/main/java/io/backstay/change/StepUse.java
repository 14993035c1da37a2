package io.backstay.change;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The actions a step may name. Closed: an action that is not here can't be asked for.
public enum StepUse {
    TRAFFIC_DRAIN("traffic.drain", Danger.NONE),
    TRAFFIC_UNDRAIN("traffic.undrain", Danger.NONE),
    MYSQL_STOP("mysql.stop", Danger.NONE),
    MYSQL_START("mysql.start", Danger.NONE),
    MYSQL_INSTALL("mysql.install", Danger.NONE),
    DATA_SET_ASIDE("data.set-aside", Danger.NONE),
    DATA_PUT_BACK("data.put-back", Danger.NONE),
    DATA_DROP_SET_ASIDE("data.drop-set-aside", Danger.DESTROYS),
    DATA_RESTORE_FROM_ARCHIVE("data.restore-from-archive", Danger.NONE),
    DATA_WIPE_NEW("data.wipe-new", Danger.DESTROYS),
    REPL_JOIN("repl.join", Danger.NONE),
    REPL_LEAVE("repl.leave", Danger.NONE),
    MEMBER_VERIFY("member.verify", Danger.NONE),
    TOPOLOGY_SWITCHOVER("topology.switchover", Danger.NONE),
    TOPOLOGY_SWITCH_BACK("topology.switch-back", Danger.NONE),
    HOST_REINSTALL("host.reinstall", Danger.DESTROYS),
    SCRIPT_RUN("script.run", Danger.NONE);

    private static final Map<String, StepUse> BY_WORD =
            Stream.of(values()).collect(Collectors.toMap(StepUse::word, Function.identity()));

    private final String word;
    private final Danger danger;

    StepUse(String word, Danger danger) {
        this.word = word;
        this.danger = danger;
    }

    private enum Danger {
        NONE,
        DESTROYS
    }

    /// As the change file says it.
    public String word() {
        return word;
    }

    /// Whether a step of this kind is destructive whatever the file says.
    public boolean destroys() {
        return danger == Danger.DESTROYS;
    }

    public static Optional<StepUse> find(String word) {
        return Optional.ofNullable(BY_WORD.get(word));
    }

    static Map<String, StepUse> words() {
        return BY_WORD;
    }
}
