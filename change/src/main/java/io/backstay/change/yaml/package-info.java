/// YAML text to values that know where they stand. Start at [YamlText]. Never resolves an anchor,
/// an alias or a tag, and never fills in a default.
@NullMarked
package io.backstay.change.yaml;

import org.jspecify.annotations.NullMarked;
