/// Sessions, projects and runs in an SQL database: an SQLite file that one server owns.
@NullMarked
package dev.tandem.storage.jdbc;

import org.jspecify.annotations.NullMarked;
