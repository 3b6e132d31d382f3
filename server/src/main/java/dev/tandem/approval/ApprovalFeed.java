package dev.tandem.approval;

/// Hears of approvals: of each that is asked, and later that it is decided, in this order. Called
/// by any thread; must not block.
public interface ApprovalFeed {
    /// Hears nothing.
    ApprovalFeed NONE =
            new ApprovalFeed() {
                @Override
                public void asked(Approval open) {}

                @Override
                public void decided(Approval closed) {}
            };

    /// It waits for a decision; again where another call takes it up after a restart.
    void asked(Approval open);

    /// It was decided, or ended otherwise.
    void decided(Approval closed);
}
