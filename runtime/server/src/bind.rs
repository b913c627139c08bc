//! Arguments of handlers and RPC functions, taken by name from path, query and body and converted to their types.

use crate::body_data;
use crate::handler::{Answer, Ctx};
use crate::url;
use crate::value::{Any, Fault, FromAny, List, Map, Mismatch, Str, json};

/// Takes the arguments of one call. Every problem is collected, so that the reply names them all.
pub struct Args<'a> {
    ctx: &'a Ctx,
    source: Source<'a>,
    problems: Vec<String>,
}

/// Where arguments come from.
enum Source<'a> {
    /// Path, then body, then query, by name.
    Request { body: Option<&'a Map<Str, Any>> },
    /// `{"__args": [a, b]}`
    Positions { args: &'a [Any], next: usize },
    /// `{"a": 1, "b": 2}`
    Names(&'a Map<Str, Any>),
}

impl<'a> Args<'a> {
    /// Arguments from the path and the query.
    #[must_use]
    pub fn of_path(ctx: &'a Ctx) -> Self {
        Self { ctx, source: Source::Request { body: None }, problems: Vec::new() }
    }

    /// Arguments from path, body and query.
    ///
    /// # Errors
    /// The body is not what its content type says.
    pub fn of_request(ctx: &'a Ctx) -> Result<Self, Fault> {
        let body = match ctx.req.parsed_body()? {
            Any::Map(map) => Some(map),
            _ => None,
        };
        Ok(Self { ctx, source: Source::Request { body }, problems: Vec::new() })
    }

    /// Arguments of an RPC call.
    ///
    /// # Errors
    /// The body is not JSON, or neither a list of arguments nor an object of named ones.
    pub fn of_rpc(ctx: &'a Ctx) -> Result<Self, Fault> {
        let source = match ctx.req.parsed_body()? {
            Any::Map(map) => match map.get("__args") {
                Some(Any::List(args)) => Source::Positions { args, next: 0 },
                Some(_) => return Err(invalid(&["__args must be a list".into()])),
                None => Source::Names(map),
            },
            Any::Nil => Source::Positions { args: &[], next: 0 },
            _ => return Err(invalid(&["the body must be an object".into()])),
        };
        Ok(Self { ctx, source, problems: Vec::new() })
    }

    /// The next argument. Nothing if it is missing or does not convert, which [`Args::refuse`] then reports.
    pub fn get<T: FromAny>(&mut self, name: &str) -> Option<T> {
        self.get_or(name, T::absent)
    }

    /// The next argument, or a default if it is missing.
    pub fn get_or<T: FromAny>(&mut self, name: &str, default: impl FnOnce() -> Option<T>) -> Option<T> {
        match self.find(name) {
            Found::Nothing => default().or_else(|| self.problem(format!("{name} is required"))),
            Found::Text(text) => from_text(&text).map_err(|mismatch| self.mismatch(name, &mismatch)).ok(),
            Found::Data(data) => T::from_any(data).map_err(|mismatch| self.mismatch(name, &mismatch)).ok(),
        }
    }

    /// The whole body as one argument (`body: T`).
    pub fn body<T: FromAny>(&mut self) -> Option<T> {
        match self.ctx.req.parsed_body() {
            Ok(Any::Nil) => T::absent().or_else(|| self.problem("the body is required".into())),
            Ok(data) => T::from_any(data).map_err(|mismatch| self.mismatch("", &mismatch)).ok(),
            // `of_request` has reported it.
            Err(_) => None,
        }
    }

    /// 400, naming every argument that is wrong.
    ///
    /// # Errors
    /// Always.
    pub fn refuse(self) -> Answer {
        Err(invalid(&self.problems))
    }

    /// "tags[0] must be a string", "user.name is required"
    fn mismatch(&mut self, name: &str, mismatch: &Mismatch) {
        let path = if name.is_empty() { mismatch.path.clone() } else { mismatch.clone().in_field(name).path };
        let path = if path.is_empty() { "the body" } else { path.as_str() };
        let problem = mismatch.problem.as_str();
        let wanted = problem.strip_prefix("expected ").map(|rest| rest.split(", found").next().unwrap_or(rest));
        self.problems.push(match wanted {
            Some(wanted) => format!("{path} must be {wanted}"),
            None if problem == "missing" => format!("{path} is required"),
            None => format!("{path}: {problem}"),
        });
    }

    fn problem<T>(&mut self, problem: String) -> Option<T> {
        self.problems.push(problem);
        None
    }

    fn find(&mut self, name: &str) -> Found<'a> {
        match &mut self.source {
            Source::Positions { args, next } => {
                *next += 1;
                Found::of(args.get(*next - 1))
            }
            Source::Names(map) => Found::of(map.get(name)),
            Source::Request { body } => {
                let exchange = &self.ctx.req.0;
                if let Some((_, text)) = exchange.params.iter().find(|(param, _)| param == name) {
                    return Found::Text(text.clone());
                }
                if let Found::Data(data) = Found::of(body.and_then(|body| body.get(name))) {
                    return body_data::form_text(&exchange.headers, data).map_or(Found::Data(data), Found::Text);
                }
                let query = exchange.uri.query().unwrap_or_default();
                url::pairs(query).find(|(param, _)| param == name).map_or(Found::Nothing, |(_, text)| Found::Text(text))
            }
        }
    }
}

/// A path or query parameter, or a field of a form, as a value: the text itself where a text is wanted, else what it says.
fn from_text<T: FromAny>(text: &Str) -> Result<T, Mismatch> {
    T::from_any(&Any::Str(text.clone())).or_else(|mismatch| match json::read(text) {
        Ok(data) => T::from_any(&data).map_err(|_| mismatch),
        Err(_) => Err(mismatch),
    })
}

/// What stands for an argument.
enum Found<'a> {
    Nothing,
    Text(Str),
    Data(&'a Any),
}

impl<'a> Found<'a> {
    /// An explicit null is the same as nothing.
    fn of(data: Option<&'a Any>) -> Self {
        match data {
            None | Some(Any::Nil) => Self::Nothing,
            Some(data) => Self::Data(data),
        }
    }
}

/// The fault of arguments that do not fit.
fn invalid(problems: &[String]) -> Fault {
    let details: List<Any> = problems.iter().map(|problem| Any::Str(problem.as_str().into())).collect();
    let mut fault = Fault::with_status(400, "VALIDATION_FAILED", "Validation failed");
    fault.details = Some(Box::new(Any::List(details)));
    fault
}
