/// What holds for the whole project: who may depend on whom, what the documents promise, what the
/// report looks like.
@NullMarked
package io.backstay.tests;

import org.jspecify.annotations.NullMarked;
