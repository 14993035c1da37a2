package io.backstay.mysql;

import java.util.List;

/// One foreign key, as the child table has it.
public record ForeignKey(
        String name,
        List<String> columns,
        TableName parent,
        List<String> parentColumns,
        Rule onUpdate,
        Rule onDelete) {

    /// What the server does to the child's rows when the parent's key goes.
    public enum Rule {
        RESTRICT,
        NO_ACTION,
        CASCADE,
        SET_NULL,
        SET_DEFAULT;

        /// Whether the server itself changes the child's rows, unlogged.
        public boolean changesTheChild() {
            return this == CASCADE || this == SET_NULL || this == SET_DEFAULT;
        }
    }
}
