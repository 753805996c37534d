"""End-to-end encryption between the two parties of a visit: agreement, renewal, frames. Sans-IO."""
