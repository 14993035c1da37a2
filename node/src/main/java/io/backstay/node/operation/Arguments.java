package io.backstay.node.operation;

import java.util.Map;

/// Arguments of an offer, already held against what the operation declares.
final class Arguments {
    private Arguments() {}

    static String require(Map<String, String> arguments, String name) {
        String value = arguments.get(name);
        if (value == null) {
            throw new IllegalStateException("argument " + name + " was not checked");
        }
        return value;
    }
}
