//! What formatting keeps: the tree, the tokens, the comments, and its own result.

mod corpus;
mod errors;
mod examples;
mod generate;
mod kinds;
mod laws;
mod mutate;
mod random;
