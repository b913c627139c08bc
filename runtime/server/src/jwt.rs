//! `verify_token` and `sign_jwt`: JSON web tokens with HS256 and the program's secret.

use std::fs;
use std::hash::{BuildHasher, RandomState};
use std::io;
use std::path::Path;
use std::sync::OnceLock;
use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::settings;
use crate::value::{Any, Fault, JsonWriter, Str, ToJson, json};

/// Where dev keeps its secret; `tova token` reads it too.
const DEV_SECRET: &str = ".tova/secret";

/// The secret of the program: `AUTH_SECRET`, else `JWT_SECRET`; dev makes one and keeps it.
pub(crate) fn secret() -> Result<&'static str, &'static String> {
    static SECRET: OnceLock<Result<String, String>> = OnceLock::new();
    SECRET.get_or_init(find_secret).as_deref()
}

fn find_secret() -> Result<String, String> {
    if let Some(secret) = settings::variable("AUTH_SECRET").or_else(|| settings::variable("JWT_SECRET")) {
        return Ok(secret);
    }
    if !settings::is_dev() {
        return Err("AUTH_SECRET is not set; the program signs or verifies tokens and needs a secret of its own".into());
    }
    dev_secret(Path::new(DEV_SECRET)).map_err(|problem| format!("cannot keep a secret in {DEV_SECRET}: {problem}"))
}

/// The kept secret, or a new one. Several servers may start at once, so only one of them may write.
fn dev_secret(path: &Path) -> io::Result<String> {
    if let Ok(kept) = fs::read_to_string(path)
        && !kept.trim().is_empty()
    {
        return Ok(kept.trim().to_owned());
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let fresh: String = (0..4).map(|n| format!("{:016x}", RandomState::new().hash_one(n))).collect();
    let temporary = path.with_extension(format!("{}", std::process::id()));
    fs::write(&temporary, &fresh)?;
    // Linking fails if the file is there by now, and the other one's secret counts.
    let linked = fs::hard_link(&temporary, path);
    fs::remove_file(&temporary)?;
    match linked {
        Ok(()) => Ok(fresh),
        Err(_) => fs::read_to_string(path).map(|kept| kept.trim().to_owned()),
    }
}

fn mac(secret: &str) -> Hmac<Sha256> {
    Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("HMAC takes keys of every length")
}

fn program_secret() -> Result<&'static str, Fault> {
    secret().map_err(|problem| Fault::with_status(500, "NO_SECRET", problem.as_str()))
}

/// The claims of a token signed with the program's secret; a leading `Bearer ` is ignored.
///
/// # Errors
/// `Unauthorized` if the token is malformed, forged, expired or not yet valid.
pub fn verify_token(token: &str) -> Result<Any, Fault> {
    verify_at(token, program_secret()?, now())
}

fn verify_at(token: &str, secret: &str, now: i64) -> Result<Any, Fault> {
    let refused = |why: &str| Fault::with_status(401, "UNAUTHORIZED", why);
    let token = token.trim();
    let token = match token.split_at_checked(7) {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("bearer ") => rest.trim_start(),
        _ => token,
    };
    let invalid = || refused("the token is not valid");
    let (signed, signature) = token.rsplit_once('.').ok_or_else(invalid)?;
    let (head, claims) = signed.split_once('.').ok_or_else(invalid)?;
    let signature = BASE64.decode(signature).map_err(|_| invalid())?;
    let is_hs256 = matches!(decode(head), Some(Any::Map(head)) if head.get("alg") == Some(&Any::Str("HS256".into())));
    if !is_hs256 {
        return Err(invalid());
    }
    mac(secret).chain_update(signed).verify_slice(&signature).map_err(|_| invalid())?;
    let Some(Any::Map(claims)) = decode(claims) else { return Err(invalid()) };
    if time(claims.get("exp")).is_some_and(|exp| exp <= now) {
        return Err(refused("the token has expired"));
    }
    if time(claims.get("nbf")).is_some_and(|nbf| nbf > now) {
        return Err(refused("the token is not valid yet"));
    }
    Ok(Any::Map(claims))
}

fn decode(part: &str) -> Option<Any> {
    let bytes = BASE64.decode(part).ok()?;
    json::read(std::str::from_utf8(&bytes).ok()?).ok()
}

/// A claim in seconds.
fn time(claim: Option<&Any>) -> Option<i64> {
    match claim? {
        Any::Int(seconds) => Some(*seconds),
        #[expect(clippy::cast_possible_truncation, reason = "saturates, which is what a far date needs")]
        Any::Float(seconds) => Some(*seconds as i64),
        _ => None,
    }
}

/// A token with these claims and the time of issue, signed with the program's secret.
///
/// # Errors
/// The claims are not a record or map, or there is no secret.
pub fn sign_jwt<T: ToJson + ?Sized>(claims: &T) -> Result<Str, Fault> {
    let mut text = JsonWriter::default();
    claims.to_json(&mut text);
    let parsed = std::str::from_utf8(&text.buf).ok().and_then(|text| json::read(text).ok());
    let Some(Any::Map(mut claims)) = parsed else {
        return Err(Fault::with_status(500, "BAD_CLAIMS", "the claims of a token must be a record or a map"));
    };
    if !claims.contains_key("iat") {
        claims.insert("iat".into(), Any::Int(now()));
    }
    let mut text = JsonWriter::default();
    Any::Map(claims).to_json(&mut text);
    Ok(sign(&text.buf, program_secret()?))
}

fn sign(claims: &[u8], secret: &str) -> Str {
    let signed = format!("{}.{}", BASE64.encode(br#"{"alg":"HS256","typ":"JWT"}"#), BASE64.encode(claims));
    let signature = mac(secret).chain_update(&signed).finalize().into_bytes();
    format!("{signed}.{}", BASE64.encode(signature)).into()
}

fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The token of jwt.io's front page.
    const KNOWN: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c";

    #[test]
    fn known_token_verifies_with_and_without_its_scheme() {
        for token in [KNOWN.to_owned(), format!("Bearer {KNOWN}"), format!("bearer  {KNOWN} ")] {
            let Ok(Any::Map(claims)) = verify_at(&token, "your-256-bit-secret", 0) else { panic!("refused") };
            assert_eq!(claims.get("name"), Some(&Any::Str("John Doe".into())));
        }
    }

    #[test]
    fn forged_expired_and_unsigned_tokens_are_refused() {
        let good = sign(br#"{"sub":"ada","exp":100}"#, "s");
        assert!(verify_at(&good, "s", 99).is_ok());
        assert_eq!(verify_at(&good, "s", 100).unwrap_err().message, "the token has expired");
        assert_eq!(verify_at(&good, "t", 99).unwrap_err().status, Some(401));
        let unsigned = format!("{}.{}.", BASE64.encode(br#"{"alg":"none"}"#), BASE64.encode(b"{}"));
        for bad in [unsigned.as_str(), "", "a.b", "a.b.c", "Bearer ", "..", "é"] {
            assert!(verify_at(bad, "s", 0).is_err(), "{bad}");
        }
    }
}
