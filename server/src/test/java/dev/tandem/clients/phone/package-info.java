/// The reference client: how a phone follows a run over connections that break, as
/// `docs/how-to/resume.md` tells it, and what holds for whoever does as it does.
@NullMarked
package dev.tandem.clients.phone;

import org.jspecify.annotations.NullMarked;
