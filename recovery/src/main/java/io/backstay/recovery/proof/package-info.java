/// What shows that a restored server is right, and the signed word on it: digests by key range, the
/// log's coverage, the standard tool's witness. Start at [Certificate]. Never changes a server.
@NullMarked
package io.backstay.recovery.proof;

import org.jspecify.annotations.NullMarked;
