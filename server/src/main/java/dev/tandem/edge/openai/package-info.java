/// OpenAI's chat completions and models, translated to the contract's messages and back.
@NullMarked
package dev.tandem.edge.openai;

import org.jspecify.annotations.NullMarked;
