/// Who calls: keys, tenants, and the secrets that are never shown.
@NullMarked
package dev.tandem.auth;

import org.jspecify.annotations.NullMarked;
