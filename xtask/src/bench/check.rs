//! How fast a program is checked.

use std::fs;
use std::process::Command;
use std::time::Instant;

use tova_tests::paths;

use super::table::Figure;
use super::{Tova, generate, median};
use crate::run::{command, output};

const ROUNDS: usize = 31;

/// The whole command on the dashboard, and the front end alone on a long program.
pub(crate) fn measure(tova: &Tova) -> Result<Vec<Figure>, String> {
    let dashboard = paths::root().join("examples/dashboard/app.tova").display().to_string();
    let whole = check_time(tova, &dashboard)?;
    let program = paths::scratch("bench-check").join("app.tova");
    fs::write(&program, generate::long_program(5_000)).map_err(|error| error.to_string())?;
    output(&mut tova.command(["check", &program.display().to_string()]))?;
    let front_end = paths::target().join("release/tova-bench-front-end");
    let speed = lines_per_second(command(&front_end).arg(&program))?;
    let format = lines_per_second(command(&front_end).arg(&program).arg("format"))?;
    Ok(vec![
        Figure::at_most("`tova check` of the dashboard", whole, 20.0, "ms"),
        Figure::at_least("front end, 5,000 lines", speed / 1000.0, 300.0, "k lines/s"),
        Figure::at_least("`tova fmt`, 5,000 lines", format / 1000.0, 500.0, "k lines/s"),
    ])
}

fn lines_per_second(measuring: &mut Command) -> Result<f64, String> {
    let speed = output(measuring)?;
    speed.trim().parse().map_err(|_| format!("no number: {speed}"))
}

/// The median time of one `tova check` in milliseconds.
pub(crate) fn check_time(tova: &Tova, path: &str) -> Result<f64, String> {
    let mut times = Vec::new();
    for _ in 0..ROUNDS {
        let start = Instant::now();
        output(&mut tova.command(["check", path]))?;
        times.push(start.elapsed().as_secs_f64() * 1000.0);
    }
    Ok(median(&mut times))
}
