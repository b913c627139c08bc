//! Services, models, the page and the script as text.

use super::Printer;
use crate::{ArgSource, Client, FnId, Middleware, Model, Server};

impl Printer<'_> {
    pub(super) fn services(&mut self) {
        let program = self.program;
        for model in &program.models {
            self.model(model);
        }
        for rpc in &program.rpcs {
            let params: Vec<String> =
                rpc.params.iter().map(|param| format!("{}: {}", param.name, self.ty(&param.ty))).collect();
            let ret = self.ty(&rpc.ret);
            let function = self.fn_name(rpc.function);
            let guards: String = rpc.guards.iter().map(|guard| format!(" with {}", self.middleware(guard))).collect();
            let head = format!("rpc {}({}) -> {ret} {:?}", rpc.name, params.join(", "), rpc.reply);
            self.line(&format!("{head} = {function} on server {}{guards}", rpc.server));
        }
        for server in &program.servers {
            self.server(server);
        }
        if let Some(client) = &program.client {
            self.client(client);
        }
        if let Some(script) = program.script {
            let name = self.fn_name(script);
            self.line(&format!("script {name}"));
        }
        for test in &program.tests {
            let (home, name) = (super::home(test.home), self.fn_name(test.function));
            let timeout = test.timeout.map(|limit| format!(" within {limit} ms")).unwrap_or_default();
            self.line(&format!("{home}test {:?}{timeout} = {name}", test.name));
        }
        for bench in &program.benches {
            let (home, name) = (super::home(bench.home), self.fn_name(bench.function));
            self.line(&format!("{home}bench {:?} = {name}", bench.name));
        }
    }

    fn fn_name(&self, id: FnId) -> String {
        self.program.functions.get(id.0 as usize).map_or_else(|| "?".into(), |function| function.name.to_string())
    }

    fn model(&mut self, model: &Model) {
        let columns: Vec<String> =
            model.columns.iter().map(|column| format!("{}: {}", column.name, self.ty(&column.ty))).collect();
        self.line(&format!(
            "model {} {:?} on server {} {{ {} }}",
            model.name,
            model.table,
            model.server,
            columns.join(", ")
        ));
    }

    fn globals(&mut self, globals: &[crate::GlobalId]) {
        let names: Vec<String> = globals
            .iter()
            .filter_map(|id| self.program.globals.get(id.0 as usize))
            .map(|global| global.name.to_string())
            .collect();
        if !names.is_empty() {
            self.line(&format!("globals {}", names.join(", ")));
        }
    }

    fn server(&mut self, server: &Server) {
        self.line(&format!("server {:?} {{", server.name.as_deref().unwrap_or_default()));
        self.deeper(|p| {
            p.globals(&server.globals);
            if let Some(port) = server.port {
                p.line(&format!("port {port}"));
            }
            if let Some(size) = server.max_body {
                p.line(&format!("max_body {size}"));
            }
            if let Some(start) = server.start {
                let name = p.fn_name(start);
                p.line(&format!("start {name}"));
            }
            if let Some(db) = &server.db {
                let target = db.target.map_or_else(String::new, |target| format!(" {}", p.fn_name(target)));
                p.line(&format!("db {:?}{target}", db.adapter));
            }
            if let Some(cors) = &server.cors {
                p.line(&format!("cors {cors:?}"));
            }
            for field in &server.request_fields {
                let ty = p.ty(&field.ty);
                p.line(&format!("request.{}: {ty}", field.name));
            }
            for middleware in &server.middleware {
                let text = p.middleware(middleware);
                p.line(&format!("middleware {text}"));
            }
            for route in &server.routes {
                let args: Vec<String> = route.args.iter().map(|arg| p.arg(arg)).collect();
                let guards: String =
                    route.guards.iter().map(|guard| format!(" with {}", p.middleware(guard))).collect();
                let handler = p.fn_name(route.handler);
                p.line(&format!(
                    "{} {:?}{guards} => {handler}({}) {:?}",
                    route.method,
                    route.path,
                    args.join(", "),
                    route.reply
                ));
            }
            for socket in &server.sockets {
                let handler = p.fn_name(socket.handler);
                let guards: String =
                    socket.guards.iter().map(|guard| format!(" with {}", p.middleware(guard))).collect();
                p.line(&format!("WS {:?}{guards} => {handler}", socket.path));
            }
            p.rest_of_server(server);
        });
        self.line("}");
    }

    fn rest_of_server(&mut self, server: &Server) {
        for path in &server.health {
            self.line(&format!("health {path:?}"));
        }
        if let Some(handler) = server.on_error {
            let name = self.fn_name(handler);
            self.line(&format!("on_error {name}"));
        }
        if server.serves_page {
            self.line("serves the page");
        }
    }

    fn middleware(&self, middleware: &Middleware) -> String {
        format!("{} ({:?}) {}", middleware.name, middleware.style, self.fn_name(middleware.function))
    }

    fn arg(&self, arg: &ArgSource) -> String {
        match arg {
            ArgSource::Request => "request".into(),
            ArgSource::Response => "response".into(),
            ArgSource::Path(name) => format!("path {name}"),
            ArgSource::Named { name, default: None } => format!("named {name}"),
            ArgSource::Named { name, default: Some(default) } => format!("named {name} or {}", self.fn_name(*default)),
            ArgSource::Body => "body".into(),
        }
    }

    fn client(&mut self, client: &Client) {
        self.line("client {");
        self.deeper(|p| {
            p.globals(&client.globals);
            if let Some(start) = client.start {
                let name = p.fn_name(start);
                p.line(&format!("start {name}"));
            }
            for component in &client.components {
                let function = p.fn_name(component.function);
                p.line(&format!("component {} = {function}", component.name));
            }
            if let Some(root) = client.root.and_then(|root| client.components.get(root.0 as usize)) {
                p.line(&format!("mount {}", root.name));
            }
            if !client.connect.is_empty() {
                p.line(&format!("connect {}", client.connect.join(" ")));
            }
            if !client.css.is_empty() {
                p.line(&format!("css {:?}", client.css));
            }
        });
        self.line("}");
    }
}
