//! Request ids.

use std::hash::{BuildHasher, RandomState};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

use http::{HeaderMap, HeaderName};

use crate::value::Str;

/// The header that carries an id in and out.
pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Where this process starts counting.
static SEED: LazyLock<u64> = LazyLock::new(|| RandomState::new().hash_one(std::process::id()));
static COUNT: AtomicU64 = AtomicU64::new(0);

/// The id that the client sent, if it is fit for a header and a log, else a new one.
pub(crate) fn of_request(headers: &HeaderMap) -> Str {
    let sent = headers.get(REQUEST_ID).and_then(|value| value.to_str().ok());
    sent.filter(|id| is_fit(id)).map_or_else(new, Str::from)
}

fn is_fit(id: &str) -> bool {
    (1..=128).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
}

/// A new id: 13 characters, which a string holds without an allocation.
pub(crate) fn new() -> Str {
    const DIGITS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
    let mut bits = mix(SEED.wrapping_add(COUNT.fetch_add(1, Ordering::Relaxed)));
    let mut text = [b'0'; 13];
    for place in &mut text {
        *place = DIGITS[(bits & 31) as usize];
        bits >>= 5;
    }
    std::str::from_utf8(&text).unwrap_or_default().into()
}

/// A bijection (splitmix64), so that ids of one process never repeat.
fn mix(n: u64) -> u64 {
    let n = n.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let n = (n ^ (n >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let n = (n ^ (n >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    n ^ (n >> 31)
}
