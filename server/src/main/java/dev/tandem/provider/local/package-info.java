/// A language model in this process, through llama.cpp: the default of a server without any key.
@NullMarked
package dev.tandem.provider.local;

import org.jspecify.annotations.NullMarked;
