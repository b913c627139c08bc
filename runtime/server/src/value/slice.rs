//! Slices by Python's rules.

use super::fault;

/// The places that `[start:end:step]` picks from `length` elements.
#[track_caller]
pub(crate) fn picks(
    length: usize,
    start: Option<i64>,
    end: Option<i64>,
    step: Option<i64>,
) -> impl Iterator<Item = usize> {
    let length = length as i64;
    let step = step.unwrap_or(1);
    if step == 0 {
        fault("the step of a slice is 0");
    }
    // Walking back, the place before the first one is a bound too.
    let (low, high) = if step > 0 { (0, length) } else { (-1, length - 1) };
    let bound = |given: Option<i64>, open: i64| match given {
        None => open,
        Some(at) if at < 0 => at.saturating_add(length).clamp(low, high),
        Some(at) => at.clamp(low, high),
    };
    let (first, last) = if step > 0 { (low, high) } else { (high, low) };
    let (start, end) = (bound(start, first), bound(end, last));
    std::iter::successors(Some(start), move |at| at.checked_add(step))
        .take_while(move |at| if step > 0 { *at < end } else { *at > end })
        .map(|at| at as usize)
}

#[cfg(test)]
mod tests {
    use super::picks;

    #[test]
    fn slices_follow_python() {
        let case = |start, end, step| picks(5, start, end, step).collect::<Vec<_>>();
        assert_eq!(case(Some(1), Some(3), None), [1, 2]);
        assert_eq!(case(Some(-2), None, None), [3, 4]);
        assert_eq!(case(None, None, Some(-1)), [4, 3, 2, 1, 0]);
        assert_eq!(case(None, Some(1), Some(-2)), [4, 2]);
        assert_eq!(case(Some(9), None, None), [0usize; 0]);
        assert_eq!(case(Some(-9), Some(2), None), [0, 1]);
        assert_eq!(case(Some(0), Some(-9), Some(-1)), [0]);
    }
}
