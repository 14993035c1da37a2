package io.backstay.recovery.fold;

import io.backstay.binlog.GtidSet;
import io.backstay.mysql.TableDefinition;
import io.backstay.mysql.TableName;
import java.util.List;
import java.util.Map;

/// What a fold starts from and where it ends.
///
/// @param tables every table of the base, as the source had it at the base's moment
/// @param programs of the base; statements reach tables through them
/// @param earlier statements behind the base that `after` has already
/// @param after the base's GTID state, or a later one; transactions in it are passed over
/// @param isSurvey only the lanes are wanted: no row is folded
/// @param before what was read between the base and here, set by set: it counts as read, so that
///   each transaction is judged as in one pass from the base on, and is not in this fold
/// @param memory for keys
public record FoldRequest(
        Map<TableName, TableDefinition> tables,
        List<StoredProgram> programs,
        List<EarlierStatement> earlier,
        GtidSet after,
        FoldStop stop,
        boolean isSurvey,
        List<GtidSet> before,
        FoldMemory memory) {

    public FoldRequest {
        tables = Map.copyOf(tables);
        programs = List.copyOf(programs);
        earlier = List.copyOf(earlier);
        before = List.copyOf(before);
    }

    public FoldRequest(
            Map<TableName, TableDefinition> tables,
            List<StoredProgram> programs,
            List<EarlierStatement> earlier,
            GtidSet after,
            FoldStop stop,
            boolean isSurvey,
            List<GtidSet> before) {
        this(tables, programs, earlier, after, stop, isSurvey, before, FoldMemory.unlimited());
    }

    public FoldRequest(Map<TableName, TableDefinition> tables, GtidSet after, FoldStop stop) {
        this(tables, List.of(), List.of(), after, stop, false, List.of());
    }

    public FoldRequest within(FoldMemory limit) {
        return new FoldRequest(tables, programs, earlier, after, stop, isSurvey, before, limit);
    }
}
