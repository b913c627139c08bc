//! Which kinds of nodes the generator makes.
