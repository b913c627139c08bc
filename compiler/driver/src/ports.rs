//! Which server listens where.

use std::net::{IpAddr, SocketAddr, TcpListener};

use crate::{Problem, owner};

/// Where the first server listens if nobody says otherwise.
const FIRST: u16 = 3000;

/// What a program says about one server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wish {
    /// The name in quotes.
    pub(crate) name: Option<String>,
    /// `port N`
    pub(crate) port: Option<u16>,
}

impl Wish {
    /// `server:api`, or `server` for the one without a name.
    pub(crate) fn label(&self) -> String {
        self.name.as_ref().map_or_else(|| "server".to_owned(), |name| format!("server:{name}"))
    }

    /// The variable that moves it: `PORT_API`, or `PORT` for the unnamed server of a program with one.
    pub(crate) fn variable(&self, single: bool) -> Option<String> {
        let letter = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' };
        let own = self.name.as_ref().map(|name| format!("PORT_{}", name.chars().map(letter).collect::<String>()));
        own.or_else(|| single.then(|| "PORT".to_owned()))
    }
}

/// The port of each server, in the order of `wishes` (source order). `PORT_<NAME>` beats `PORT` (of a program with one server), which
/// beats `--port`, which beats `port N`, which beats counting from 3000: the unnamed server first, then the others.
pub(crate) fn assign(
    wishes: &[Wish],
    option: Option<u16>,
    variable: impl Fn(&str) -> Option<String>,
) -> Result<Vec<u16>, Problem> {
    let mut ports = vec![0; wishes.len()];
    let mut order: Vec<usize> = (0..wishes.len()).collect();
    order.sort_by_key(|index| wishes[*index].name.is_some());
    for (step, index) in (0u16..).zip(order) {
        let wish = &wishes[index];
        let single = wishes.len() == 1;
        let names = wish.variable(single).into_iter().chain(single.then(|| "PORT".to_owned()));
        let given =
            names.into_iter().find_map(|name| variable(&name).filter(|text| !text.is_empty()).map(|text| (name, text)));
        ports[index] = match (given, option, wish.port) {
            (Some((name, text)), ..) => text.parse().map_err(|_| {
                Problem::new(format!("{name} must be a port number, found `{text}`"))
                    .help(format!("for example: {name}=4000 tova dev"))
            })?,
            (None, Some(base), _) => {
                base.checked_add(step).ok_or_else(|| Problem::new("--port leaves no room for all servers"))?
            }
            (None, None, Some(port)) => port,
            (None, None, None) => FIRST + step,
        };
    }
    check_distinct(wishes, &ports)?;
    Ok(ports)
}

fn check_distinct(wishes: &[Wish], ports: &[u16]) -> Result<(), Problem> {
    for (index, port) in ports.iter().enumerate().filter(|(_, port)| **port != 0) {
        if let Some(other) = ports[..index].iter().position(|earlier| earlier == port) {
            let (a, b) = (wishes[other].label(), wishes[index].label());
            return Err(
                Problem::new(format!("{a} and {b} both ask for port {port}")).help("give one of them another `port`")
            );
        }
    }
    Ok(())
}

/// Opens the socket that `label` listens on, which the program asks for by `wish`.
pub(crate) fn bind(host: IpAddr, port: u16, label: &str, wish: &Wish, single: bool) -> Result<TcpListener, Problem> {
    TcpListener::bind(SocketAddr::new(host, port)).map_err(|error| {
        let variable =
            wish.variable(single).map(|name| format!(", or {name}={}", port.saturating_add(1000))).unwrap_or_default();
        match error.kind() {
            std::io::ErrorKind::AddrInUse => {
                let holder = owner::of(port).unwrap_or_else(|| "another process".to_owned());
                let other = port.saturating_add(1000);
                Problem::new(format!("port {port}, which {label} wants, is taken by {holder}"))
                    .help(format!("stop that process, or use another port: `tova dev --port {other}`{variable}"))
            }
            std::io::ErrorKind::PermissionDenied => Problem::new(format!(
                "{label} may not listen on port {port}: ports below 1024 belong to the administrator"
            ))
            .help("use another port: `tova dev --port 3000`"),
            _ => Problem::new(format!("{label} cannot listen on {host}:{port}: {error}")),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::{Wish, assign, bind};

    fn wish(name: Option<&str>, port: Option<u16>) -> Wish {
        Wish { name: name.map(str::to_owned), port }
    }

    fn ports(wishes: &[Wish], option: Option<u16>, environment: &[(&str, &str)]) -> Result<Vec<u16>, String> {
        let variable =
            |name: &str| environment.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
        assign(wishes, option, variable).map_err(|problem| problem.message)
    }

    #[test]
    fn counts_in_source_order_with_the_unnamed_first() {
        let wishes = [wish(Some("api"), None), wish(None, None), wish(Some("events"), None)];
        assert_eq!(ports(&wishes, None, &[]), Ok(vec![3001, 3000, 3002]));
        assert_eq!(ports(&wishes, Some(4000), &[]), Ok(vec![4001, 4000, 4002]));
    }

    #[test]
    fn variables_beat_the_option_and_the_option_beats_the_program() {
        let two = [wish(Some("api"), Some(5000)), wish(Some("events"), None)];
        assert_eq!(ports(&two, None, &[("PORT", "7000")]), Ok(vec![5000, 3001]));
        assert_eq!(ports(&two, Some(4000), &[("PORT_EVENTS", "7001")]), Ok(vec![4000, 7001]));
        let one = [wish(Some("api"), Some(5000))];
        assert_eq!(ports(&one, Some(4000), &[("PORT", "7000")]), Ok(vec![7000]));
        assert_eq!(ports(&one, Some(4000), &[("PORT", "7000"), ("PORT_API", "7001")]), Ok(vec![7001]));
    }

    #[test]
    fn nonsense_is_named() {
        let two = [wish(Some("a"), Some(5000)), wish(Some("b"), Some(5000))];
        assert_eq!(ports(&two, None, &[]), Err("server:a and server:b both ask for port 5000".into()));
        assert_eq!(ports(&two, None, &[("PORT_A", "x")]), Err("PORT_A must be a port number, found `x`".into()));
    }

    #[test]
    fn a_taken_port_names_the_option() {
        let host = std::net::Ipv4Addr::LOCALHOST.into();
        let taken = bind(host, 0, "server", &wish(None, None), true).expect("a free port");
        let port = taken.local_addr().expect("bound").port();
        let problem = bind(host, port, "server:api", &wish(Some("api"), None), false).expect_err("taken");
        assert!(problem.message.starts_with(&format!("port {port}, which server:api wants, is taken by")), "{problem}");
        assert!(problem.help.expect("a cure").contains("PORT_API="));
    }
}
