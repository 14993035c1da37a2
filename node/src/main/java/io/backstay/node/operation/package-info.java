/// What an agent can do on its host, one class an operation. Start at [Operation]. Every operation
/// can be begun again after a crash in its middle: it looks at what is already so.
@NullMarked
package io.backstay.node.operation;

import org.jspecify.annotations.NullMarked;
