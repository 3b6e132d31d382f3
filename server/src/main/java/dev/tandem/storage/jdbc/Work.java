package dev.tandem.storage.jdbc;

import java.sql.SQLException;

/// What to do in a transaction. Runs on a thread of the database's, once.
@FunctionalInterface
interface Work<T> {
    T in(Transaction transaction) throws SQLException;
}
