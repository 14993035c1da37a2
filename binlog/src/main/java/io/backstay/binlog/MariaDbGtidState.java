package io.backstay.binlog;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// For every domain and server the last sequence number seen, as `gtid_binlog_state` tells it.
///
/// Says that all transactions of that server in that domain up to the number are in; sequence
/// numbers of one server grow within a domain. Immutable. Printed as the server prints it, sorted
/// by domain and server: `0-1-7,0-2-9`.
public final class MariaDbGtidState implements GtidSet {
    public static final MariaDbGtidState EMPTY = new MariaDbGtidState(new TreeMap<>());

    private final SortedMap<Long, SortedMap<Long, Long>> lastByDomainAndServer;

    private MariaDbGtidState(SortedMap<Long, SortedMap<Long, Long>> last) {
        this.lastByDomainAndServer = last;
    }

    /// The highest sequence number wins where a domain and server come twice.
    public static MariaDbGtidState of(Collection<MariaDbGtid> gtids) {
        var last = new TreeMap<Long, SortedMap<Long, Long>>();
        for (MariaDbGtid gtid : gtids) {
            last.computeIfAbsent(gtid.domainId(), _ -> new TreeMap<>())
                    .merge(gtid.serverId(), gtid.sequenceNumber(), MariaDbGtidState::unsignedMax);
        }
        return new MariaDbGtidState(last);
    }

    /// Parses what `@@gtid_binlog_state`, `@@gtid_slave_pos` and their like print. Empty text is
    /// the empty state.
    ///
    /// @throws IllegalArgumentException if a part is not `domain-server-sequence`
    public static MariaDbGtidState parse(String text) {
        if (text.isBlank()) {
            return EMPTY;
        }
        var gtids = new ArrayList<MariaDbGtid>();
        for (String part : text.split(",", -1)) {
            gtids.add(MariaDbGtid.parse(part));
        }
        return of(gtids);
    }

    @Override
    public boolean isEmpty() {
        return lastByDomainAndServer.isEmpty();
    }

    @Override
    public boolean covers(GtidSet other) {
        return other.isEmpty()
                || (other instanceof MariaDbGtidState state
                        && state.gtids().stream().allMatch(this::reaches));
    }

    @Override
    public boolean has(Gtid gtid) {
        return gtid instanceof MariaDbGtid ours && reaches(ours);
    }

    @Override
    public GtidSet and(Gtid gtid) {
        return switch (gtid) {
            case MariaDbGtid ours -> with(ours);
            case MySqlGtid theirs when isEmpty() -> MySqlGtidSet.EMPTY.with(theirs);
            case MySqlGtid theirs ->
                    throw new IllegalArgumentException(this + " takes no GTID of MySQL: " + theirs);
        };
    }

    @Override
    public GtidSet and(GtidSet other) {
        return switch (other) {
            case MariaDbGtidState ours -> union(ours);
            case MySqlGtidSet theirs when theirs.isEmpty() -> this;
            case MySqlGtidSet theirs when isEmpty() -> theirs;
            case MySqlGtidSet theirs ->
                    throw new IllegalArgumentException(
                            this + " joins with no GTIDs of MySQL: " + theirs);
        };
    }

    @Override
    public GtidSet place() {
        return positionState();
    }

    /// Whether this very server's sequence in that domain has come this far.
    public boolean contains(MariaDbGtid gtid) {
        SortedMap<Long, Long> servers = lastByDomainAndServer.get(gtid.domainId());
        Long last = servers == null ? null : servers.get(gtid.serverId());
        return last != null && Long.compareUnsigned(last, gtid.sequenceNumber()) >= 0;
    }

    /// Whether the domain, by whichever server, has come this far. Right where sequence numbers
    /// grow within a domain (`gtid_strict_mode`), which a position ([#position]) takes for granted.
    public boolean reaches(MariaDbGtid gtid) {
        SortedMap<Long, Long> servers = lastByDomainAndServer.get(gtid.domainId());
        return servers != null
                && servers.values().stream()
                        .anyMatch(last -> Long.compareUnsigned(last, gtid.sequenceNumber()) >= 0);
    }

    public MariaDbGtidState union(MariaDbGtidState other) {
        var all = new ArrayList<>(gtids());
        all.addAll(other.gtids());
        return of(all);
    }

    public MariaDbGtidState with(MariaDbGtid gtid) {
        var all = new ArrayList<>(gtids());
        all.add(gtid);
        return of(all);
    }

    public boolean isSubsetOf(MariaDbGtidState other) {
        return gtids().stream().allMatch(other::contains);
    }

    /// One GTID for each domain and server, sorted by both.
    public List<MariaDbGtid> gtids() {
        var gtids = new ArrayList<MariaDbGtid>();
        lastByDomainAndServer.forEach(
                (domain, servers) ->
                        servers.forEach(
                                (server, last) ->
                                        gtids.add(new MariaDbGtid(domain, server, last))));
        return List.copyOf(gtids);
    }

    /// The replication position: for each domain the GTID with the highest sequence number, as
    /// `gtid_slave_pos` holds it.
    public SortedMap<Long, MariaDbGtid> position() {
        var position = new TreeMap<Long, MariaDbGtid>();
        for (MariaDbGtid gtid : gtids()) {
            position.merge(
                    gtid.domainId(),
                    gtid,
                    (a, b) ->
                            Long.compareUnsigned(a.sequenceNumber(), b.sequenceNumber()) >= 0
                                    ? a
                                    : b);
        }
        return position;
    }

    /// [#position] as a state with one server a domain.
    public MariaDbGtidState positionState() {
        return of(position().values());
    }

    private static Long unsignedMax(Long a, Long b) {
        return Long.compareUnsigned(a, b) >= 0 ? a : b;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof MariaDbGtidState that
                && lastByDomainAndServer.equals(that.lastByDomainAndServer);
    }

    @Override
    public int hashCode() {
        return lastByDomainAndServer.hashCode();
    }

    @Override
    public String toString() {
        return String.join(",", gtids().stream().map(MariaDbGtid::toString).toList());
    }
}
