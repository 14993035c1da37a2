package io.backstay.mysql.offence.chicken;

import io.backstay.mysql.offence.egg.Egg;

/// One half of a cycle, on purpose.
public final class Chicken {
    Egg egg;
}
