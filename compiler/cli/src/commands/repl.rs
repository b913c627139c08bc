//! `tova repl`

use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::process::ExitCode;

use rustyline::DefaultEditor;
use rustyline::error::ReadlineError;
use tova_driver::Problem;
use tova_driver::repl::{Answer, Repl, Shown, history};

use super::Outcome;
use crate::render;
use crate::terminal::{self, Terminal};

const HELP: &str = "\
An expression shows its value and type, and is `it` afterwards. Declarations stay; one of the same name takes their place.
An open bracket goes on in the next line, an empty line ends it. Ctrl-C stops what runs, Ctrl-D leaves.

  :type EXPRESSION  the type, without running it
  :reset            forget everything
  :quit             leave";

/// Try the language: each input runs at once and shows its value and type
#[derive(clap::Args)]
pub(crate) struct Arguments {}

impl Arguments {
    pub(crate) fn run(self) -> Outcome {
        let mut session = Session { repl: Repl::new()?, terminal: Terminal::default() };
        let mut editor = DefaultEditor::new().map_err(|error| Problem::new(format!("cannot read lines: {error}")))?;
        let history: Option<PathBuf> = history();
        if let Some(history) = &history {
            // The first session has none.
            let _ = editor.load_history(history);
        }
        if std::io::stdin().is_terminal() {
            terminal::print(&format!("tova {} (:help says more)", env!("CARGO_PKG_VERSION")));
        }
        while let Some(input) = read(&mut editor)? {
            if input.trim().is_empty() {
                continue;
            }
            let _ = editor.add_history_entry(input.trim_end());
            if let Some(history) = &history {
                let _ = editor.save_history(history);
            }
            if !session.answer(&input) {
                break;
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// One input, of as many lines as it needs; none at the end.
fn read(editor: &mut DefaultEditor) -> Result<Option<String>, Problem> {
    let mut text = String::new();
    loop {
        match editor.readline(if text.is_empty() { "> " } else { ". " }) {
            Ok(line) => {
                let is_empty = line.trim().is_empty();
                text.push_str(&line);
                text.push('\n');
                if is_empty || text.starts_with(':') || Repl::is_complete(&text) {
                    return Ok(Some(text));
                }
            }
            Err(ReadlineError::Interrupted) => text.clear(),
            Err(ReadlineError::Eof) => return Ok((!text.is_empty()).then_some(text)),
            Err(error) => return Err(Problem::new(format!("cannot read the next line: {error}"))),
        }
    }
}

struct Session {
    repl: Repl,
    terminal: Terminal,
}

impl Session {
    /// Whether the session goes on.
    fn answer(&mut self, input: &str) -> bool {
        match input.trim() {
            ":quit" | ":q" | ":exit" => return false,
            ":help" | ":h" => terminal::print(HELP),
            ":reset" => self.repl.reset(),
            command if command.starts_with(':') => self.command(command),
            _ => match self.repl.run(input, &self.terminal) {
                Ok(Answer::Done(values)) => values.iter().for_each(show),
                Ok(Answer::Wrong(sources, diagnostics)) => render::diagnostics(&sources, &diagnostics),
                // The program has said why.
                Ok(Answer::Failed) => {}
                Err(problem) => render::problem(&problem),
            },
        }
        true
    }

    fn command(&self, command: &str) {
        let expression = command.strip_prefix(":type").or_else(|| command.strip_prefix(":t ")).map(str::trim);
        match expression.filter(|expression| !expression.is_empty()).map(|expression| self.repl.type_of(expression)) {
            Some(Some(Ok(ty))) => terminal::print(&ty),
            Some(Some(Err((sources, diagnostics)))) => render::diagnostics(&sources, &diagnostics),
            Some(None) => render::problem(&Problem::new("that is no expression").help(":type EXPRESSION")),
            None => {
                let problem = Problem::new(format!("there is no command `{command}`"));
                render::problem(&problem.help(":help lists the commands"));
            }
        }
    }
}

/// `x = 3: Int`, `3: Int`
fn show(shown: &Shown) {
    let name = shown.name.as_ref().map(|name| format!("{name} = ")).unwrap_or_default();
    let (on, off) = if terminal::stdout_is_coloured() { ("\u{1b}[2m", "\u{1b}[0m") } else { ("", "") };
    terminal::print(&format!("{name}{}{on}: {}{off}", shown.value, shown.ty));
}
