/// One thin class per service of the contract: decode, call the domain, encode.
@NullMarked
package dev.tandem.service;

import org.jspecify.annotations.NullMarked;
