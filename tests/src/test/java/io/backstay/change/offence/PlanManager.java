package io.backstay.change.offence;

/// A name that says nothing, on purpose.
final class PlanManager {}
