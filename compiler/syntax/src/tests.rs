//! Laws that hold for every text.

mod recovery;
