//! Programs that nobody would write.

/// A program that is the same for the same seed.
pub(super) fn program(_seed: u64) -> String {
    String::new()
}
