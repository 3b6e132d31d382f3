/// Claude, over Anthropic's Messages API.
@NullMarked
package dev.tandem.provider.anthropic;

import org.jspecify.annotations.NullMarked;
