//! Development secrets, and tokens for trying a program out.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Map, Value};
use sha2::Sha256;

use crate::{Problem, files, project};

/// The secret that servers of the project verify tokens with: `AUTH_SECRET`, else `JWT_SECRET`, else the project's own
/// development secret, which is made when there is none.
///
/// # Errors
/// If the secret file cannot be read or written.
pub fn secret(root: &Path) -> Result<String, Problem> {
    let variable = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
    match variable("AUTH_SECRET").or_else(|| variable("JWT_SECRET")) {
        Some(secret) => Ok(secret),
        None => development_secret(&project::state_dir(root)?.join("secret")),
    }
}

/// Reads the secret in `path`, or makes one that only the user may read.
fn development_secret(path: &Path) -> Result<String, Problem> {
    if path.exists() {
        let text = files::read(path)?;
        let text = text.trim();
        if !text.is_empty() {
            return Ok(text.to_owned());
        }
    }
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|error| Problem::new(format!("cannot make a secret: {error}")))?;
    let text: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    if let Some(parent) = path.parent() {
        files::make_dir(parent)?;
    }
    fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(path)
        .and_then(|mut file| file.write_all(text.as_bytes()))
        .map_err(|error| Problem::io("write", path, &error))?;
    Ok(text)
}

/// A signed token (JWT, HS256) with `sub`, the other claims, the time of issue and the time of expiry.
///
/// # Errors
/// If a claim is not `name=value`, or the clock is before 1970.
pub fn mint(secret: &str, subject: &str, claims: &[String], expires_in: u64) -> Result<String, Problem> {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_err(|_| Problem::new("the clock of this machine is before 1970").help("set the clock"))?
        .as_secs();
    let mut payload = Map::new();
    payload.insert("sub".into(), subject.into());
    for claim in claims {
        let (name, value) = parse_claim(claim)?;
        payload.insert(name.into(), value);
    }
    payload.insert("iat".into(), now.into());
    payload.insert("exp".into(), now.saturating_add(expires_in).into());
    Ok(sign(secret, &Value::Object(payload)))
}

/// `name=value`; a value that reads as JSON is that JSON, anything else is a string.
fn parse_claim(claim: &str) -> Result<(&str, Value), Problem> {
    let bad = || {
        Problem::new(format!("`{claim}` is not a claim"))
            .help("write it as `--claim name=value`, for example `--claim role=admin`")
    };
    let (name, value) = claim.split_once('=').ok_or_else(bad)?;
    if name.is_empty() {
        return Err(bad());
    }
    Ok((name, serde_json::from_str(value).unwrap_or_else(|_| value.into())))
}

fn sign(secret: &str, payload: &Value) -> String {
    let head = BASE64.encode(r#"{"alg":"HS256","typ":"JWT"}"#);
    let signed = format!("{head}.{}", BASE64.encode(payload.to_string()));
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("HMAC takes keys of any length");
    mac.update(signed.as_bytes());
    format!("{signed}.{}", BASE64.encode(mac.finalize().into_bytes()))
}

#[cfg(test)]
mod tests {
    use super::{mint, parse_claim, sign};
    use serde_json::json;

    /// Compared with what Python's `hmac` gives.
    #[test]
    fn signs_as_others_do() {
        let token = sign("secret", &json!({"sub": "ada"}));
        assert_eq!(
            token,
            "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJhZGEifQ.-G7HR4Se6onpiv1N_jWqt9jGA0VR0kRJ_2BoHWhkfhg"
        );
    }

    #[test]
    fn claims_are_json_or_text() {
        assert_eq!(parse_claim("age=36").expect("a claim"), ("age", json!(36)));
        assert_eq!(parse_claim("role=admin").expect("a claim"), ("role", json!("admin")));
        assert!(mint("s", "ada", &["nothing".into()], 60).is_err());
        assert!(mint("s", "ada", &["=x".into()], 60).is_err());
    }
}
