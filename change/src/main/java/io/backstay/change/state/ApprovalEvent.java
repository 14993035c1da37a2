package io.backstay.change.state;

/// A fact about one person's approval.
public sealed interface ApprovalEvent {

    record Signed(String by, String statement) implements ApprovalEvent {}

    record Refused(String by, String reason) implements ApprovalEvent {}

    record TimePassed() implements ApprovalEvent {}

    record RequestWithdrawn() implements ApprovalEvent {}

    record ContentChanged() implements ApprovalEvent {}

    record TakenBack(String by) implements ApprovalEvent {}

    record Used(String rollout) implements ApprovalEvent {}
}
