package dev.tandem.edge.json;

import java.math.BigDecimal;

/// Money: billionths of a dollar in the contract, dollars in JSON. Exact both ways.
final class Dollars {
    private static final int DECIMALS = 9;

    private Dollars() {}

    static BigDecimal of(long nanos) {
        BigDecimal dollars = BigDecimal.valueOf(nanos, DECIMALS).stripTrailingZeros();
        return dollars.scale() < 0 ? dollars.setScale(0) : dollars;
    }

    /// @throws ArithmeticException for an amount with more than nine decimals, or out of range
    static long nanos(BigDecimal dollars) {
        return dollars.movePointRight(DECIMALS).longValueExact();
    }
}
