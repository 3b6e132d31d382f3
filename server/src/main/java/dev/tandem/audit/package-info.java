/// The log of every call of a tool: who, what, by whose leave, with which outcome. It only grows,
/// and a row that was changed, removed or moved is found.
@NullMarked
package dev.tandem.audit;

import org.jspecify.annotations.NullMarked;
