//! The order of the stages, and everything that touches the machine.
