//! Layouts that people see.
