/// The long-running processes: agent and controller.
@NullMarked
package io.backstay.node;

import org.jspecify.annotations.NullMarked;
