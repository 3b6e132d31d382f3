package dev.tandem.rpc;

/// Decides whether a call of a known caller may begin now.
public interface Admission {
    /// Lets a call begin, or says why not.
    ///
    /// @throws dev.tandem.failure.Failure of the kind CAPACITY
    void admit(Call call);
}
