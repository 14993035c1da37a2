package io.backstay.mysql.offence.egg;

import io.backstay.mysql.offence.chicken.Chicken;

/// One half of a cycle, on purpose.
public final class Egg {
    Chicken chicken;
}
