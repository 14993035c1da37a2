/// The drill's report in a real browser.
@NullMarked
package io.backstay.tests.report;

import org.jspecify.annotations.NullMarked;
