//! What a browser loads.

use tova_tests::paths;

use super::Tova;
use super::table::Figure;
use crate::run::{command, output};

/// Limits in kilobytes, brotli, module and script together.
const LIMITS: &[(&str, f64)] = &[("counter", 5.0), ("dashboard", 8.0), ("todo", 9.0)];

/// Sizes of the examples' pages.
pub(crate) fn measure(tova: &Tova) -> Result<Vec<Figure>, String> {
    let mut figures = Vec::new();
    for (example, limit) in LIMITS {
        let folder = paths::copy_of_example(example, &format!("bench-bundle-{example}"));
        let dist = tova.build(&folder)?;
        let files: Vec<_> =
            ["wasm", "js"].iter().flat_map(|extension| paths::files_below(&dist.join("client"), extension)).collect();
        let script = "let sum = 0; for (const file of process.argv.slice(1)) \
                      sum += zlib.brotliCompressSync(fs.readFileSync(file)).length; console.log(sum)";
        let size = output(command("node").args(["-e", script]).args(&files))?;
        let size: f64 = size.trim().parse().map_err(|_| format!("no number: {size}"))?;
        figures.push(Figure::at_most(format!("bundle of {example}"), size / 1000.0, *limit, "kB"));
    }
    Ok(figures)
}
