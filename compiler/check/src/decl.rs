//! Declarations: functions, globals, models, services, components. Each is inferred when it is first needed.

pub(crate) mod client;
pub(crate) mod fns;
pub(crate) mod globals;
pub(crate) mod group;
pub(crate) mod model;
pub(crate) mod server;
mod test;

pub use model::SETTINGS as MODEL_SETTINGS;
pub use server::CONFIGS as SETTINGS;
