//! Sources with errors.
