//! Figures and how they are shown.

/// One measured figure.
#[derive(Clone, Debug)]
pub(crate) struct Figure {
    name: String,
    measured: String,
    asked: String,
    reached: bool,
}

impl Figure {
    /// A figure that is to be at most `limit`.
    pub(crate) fn at_most(name: impl Into<String>, value: f64, limit: f64, unit: &str) -> Self {
        Self {
            name: name.into(),
            measured: shown(value, unit),
            asked: format!("≤ {}", shown(limit, unit)),
            reached: value <= limit,
        }
    }

    /// A figure that is to be at least `limit`.
    pub(crate) fn at_least(name: impl Into<String>, value: f64, limit: f64, unit: &str) -> Self {
        Self {
            name: name.into(),
            measured: shown(value, unit),
            asked: format!("≥ {}", shown(limit, unit)),
            reached: value >= limit,
        }
    }

    /// A group that could not be measured.
    pub(crate) fn missing(name: &str, why: &str) -> Self {
        let why = why.lines().next().unwrap_or_default();
        Self { name: name.to_owned(), measured: format!("not measured: {why}"), asked: String::new(), reached: false }
    }

    /// Adds what the figure was made of.
    pub(crate) fn of(mut self, parts: &str) -> Self {
        self.name = format!("{} ({parts})", self.name);
        self
    }
}

fn shown(value: f64, unit: &str) -> String {
    let digits = if value >= 100.0 || value.fract() == 0.0 { 0 } else { 2 };
    format!("{value:.digits$} {unit}").trim_end().to_owned()
}

/// The table, in Markdown.
pub(crate) fn lines(figures: &[Figure]) -> Vec<String> {
    let mut lines = vec!["| figure | measured | to reach | |".to_owned(), "|---|---|---|---|".to_owned()];
    lines.extend(figures.iter().map(|figure| {
        let mark = if figure.reached { "reached" } else { "not reached" };
        format!("| {} | {} | {} | {mark} |", figure.name, figure.measured, figure.asked)
    }));
    lines
}

#[cfg(test)]
mod tests {
    use super::{Figure, lines};

    #[test]
    fn a_figure_says_whether_it_is_reached() {
        let table = lines(&[Figure::at_most("a", 1.5, 2.0, "ms"), Figure::at_least("b", 1.5, 2.0, "")]);
        assert_eq!(table[2..], ["| a | 1.50 ms | ≤ 2 ms | reached |", "| b | 1.50 | ≥ 2 | not reached |"]);
    }
}
