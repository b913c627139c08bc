//! Arguments that mean nothing: what the user may have meant.

use std::path::Path;

use clap::CommandFactory as _;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use tova_diagnostics::closest;

use crate::Arguments;

/// Tells what is wrong with the arguments and ends the process; also the way on which help is shown.
pub(crate) fn exit(mut error: clap::Error) -> ! {
    if error.kind() == ErrorKind::InvalidSubcommand
        && error.get(ContextKind::SuggestedSubcommand).is_none()
        && let Some(ContextValue::String(found)) = error.get(ContextKind::InvalidSubcommand)
        && let Some(tip) = tip(&found.clone())
    {
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![tip.into()]));
    }
    error.exit()
}

fn tip(found: &str) -> Option<String> {
    if Path::new(found).exists() {
        let verb = if Path::new(found).is_dir() { "dev" } else { "run" };
        return Some(format!("to start what is there: `tova {verb} {found}`"));
    }
    let command = Arguments::command();
    let near = closest(found, command.get_subcommands().map(clap::Command::get_name))?;
    Some(format!("a similar subcommand exists: '{near}'"))
}

/// Reads a port.
pub(crate) fn port(text: &str) -> Result<u16, String> {
    match text.parse() {
        Ok(port @ 1..) => Ok(port),
        _ => Err("a port is a number from 1 to 65535".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::{port, tip};

    #[test]
    fn commands_are_suggested() {
        assert_eq!(tip("dve").as_deref(), Some("a similar subcommand exists: 'dev'"));
        assert_eq!(tip("src").as_deref(), Some("to start what is there: `tova dev src`"));
        assert_eq!(tip("zzzzzz"), None);
    }

    #[test]
    fn ports_are_numbers() {
        assert_eq!(port("3000"), Ok(3000));
        assert!(port("0").is_err() && port("70000").is_err() && port("x").is_err());
    }
}
