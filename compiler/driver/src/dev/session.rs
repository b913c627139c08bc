//! The main loop: sources change, servers are compiled and replaced, the page is told.

use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::event::Event;
use super::fleet::Fleet;
use super::hub::Hub;
use super::page::PageFolder;
use super::serve::{self, Serving};
use super::units::{Step, Units};
use super::waiting::Waiting;
use super::watch::Watch;
use super::{DevOptions, frame, log, signals};
use crate::artifacts::{Artifacts, Loaded, ServiceSource};
use crate::ports::{self, Wish};
use crate::rustc::Failed;
use crate::{Problem, Project, Report, Runtime, Toolchain, rustc};

/// How often crashes are looked for.
const PULSE: Duration = Duration::from_millis(100);

/// How long a source may be missing while an editor replaces it.
const GAP: Duration = Duration::from_millis(30);

/// Reads a program and makes what it becomes.
pub(crate) type Load<'a> = dyn Fn(&Project) -> Result<Loaded, Problem> + 'a;

/// Everything that `tova dev` holds.
pub(crate) struct Session<'a> {
    project: &'a Project,
    options: &'a DevOptions,
    report: &'a dyn Report,
    load: &'a Load<'a>,
    inbox: Receiver<Event>,
    stopping: Arc<AtomicBool>,
    watch: Watch,
    hub: Hub,
    fleet: Fleet<'a>,
    units: Units,
    page: PageFolder,
    waiting: Waiting,
    /// The compiler and the runtime, once the program has servers.
    tools: Option<(Toolchain, Runtime)>,
    /// The page of a program without servers.
    serving: Option<Serving>,
    texts: Vec<(PathBuf, Arc<str>)>,
    /// What open pages will be told when all servers are what they should be.
    update: Option<(String, Value, Instant)>,
    announced: bool,
}

impl<'a> Session<'a> {
    /// Builds and starts the program.
    pub(crate) fn start(
        project: &'a Project,
        options: &'a DevOptions,
        report: &'a dyn Report,
        load: &'a Load<'a>,
    ) -> Result<Self, Problem> {
        let (events, inbox) = mpsc::channel();
        let root = std::path::absolute(&project.root).map_err(|error| Problem::io("find", &project.root, &error))?;
        let folder = project.state_dir()?.join("dev");
        let folder = std::path::absolute(&folder).map_err(|error| Problem::io("find", &folder, &error))?;
        let started = Instant::now();
        let loaded = load(project)?;
        check_content(&loaded)?;
        let hub = Hub::start()?;
        // Sockets before long work: a taken port is told at once, and who opens the page meanwhile sees why it is not there.
        let mut waiting = Waiting::default();
        wait_on(&mut waiting, &loaded.wishes, options, &hub)?;
        // Before we listen for signals, so that Ctrl-C ends a first build as it ends any other command.
        let needs_tools = loaded.artifacts.as_ref().is_some_and(|artifacts| !artifacts.services.is_empty());
        let tools = if needs_tools { Some(tools(report)?) } else { None };
        let page = PageFolder::new(folder.join("client"));
        let mut session = Self {
            project,
            options,
            report,
            load,
            inbox,
            stopping: signals::listen(events.clone())?,
            watch: Watch::new(events.clone())?,
            fleet: Fleet::new(&root, environment(&page), events.clone(), report),
            units: Units::new(&folder, events),
            hub,
            page,
            waiting,
            tools,
            serving: None,
            texts: Vec::new(),
            update: None,
            announced: false,
        };
        session.watch.add(&project.root, &[])?;
        session.fleet.allow(session.hub.sources());
        session.take_in(loaded, started)?;
        Ok(session)
    }

    /// Runs until a signal.
    pub(crate) fn run(mut self) -> Result<(), Problem> {
        loop {
            match self.inbox.recv_timeout(PULSE) {
                Ok(Event::Stop) => break,
                Ok(event) => self.handle(event),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
            self.fleet.tend();
        }
        self.stopping.store(true, Ordering::SeqCst);
        self.fleet.stop();
        Ok(())
    }

    fn handle(&mut self, event: Event) {
        let outcome = match event {
            Event::Changed => self.reload(),
            Event::Ready(number) => {
                self.ready(number);
                Ok(())
            }
            Event::Said { name, lines, .. } => {
                self.said(name.as_deref(), &lines);
                Ok(())
            }
            Event::Compiled { name, key, result } => self.compiled(name.as_ref(), &key, result),
            // The pulse looks after those that ended.
            Event::Ended | Event::Stop => Ok(()),
        };
        if let Err(problem) = outcome {
            self.complain(&problem);
        }
    }

    fn said(&self, name: Option<&str>, lines: &str) {
        let name = name.filter(|_| self.fleet.services().len() > 1);
        for line in lines.split('\n').filter_map(|line| log::short(name, line)) {
            self.report.server(&line);
        }
    }

    fn complain(&self, problem: &Problem) {
        self.report.problem(problem);
        self.hub.problems(&frame::problem(problem));
    }

    /// Reads the sources again.
    fn reload(&mut self) -> Result<(), Problem> {
        let started = Instant::now();
        let loaded = match self.read() {
            Ok(loaded) => loaded,
            Err(problem) => {
                // Whatever comes next is a change.
                self.texts.clear();
                return Err(problem);
            }
        };
        if texts(&loaded) == self.texts {
            return Ok(());
        }
        self.take_in(loaded, started)
    }

    /// Editors replace a file by a new one: for a moment there may be none.
    fn read(&self) -> Result<Loaded, Problem> {
        (self.load)(self.project).or_else(|_| {
            std::thread::sleep(GAP);
            (self.load)(self.project)
        })
    }

    /// Makes the program what was just read, as far as it is free of errors.
    fn take_in(&mut self, loaded: Loaded, started: Instant) -> Result<(), Problem> {
        self.texts = texts(&loaded);
        self.watch.add(&self.project.root, loaded.sources.files.iter().map(|(path, _)| path))?;
        if !loaded.diagnostics.is_empty() {
            self.report.diagnostics(&loaded.sources.map, &loaded.diagnostics);
        }
        check_content(&loaded)?;
        let Some(Artifacts { services, page }) = loaded.artifacts else {
            self.hub.problems(&frame::errors(&loaded.sources.map, &loaded.diagnostics));
            return self.stay(&loaded.wishes);
        };
        self.hub.no_problems();
        let connect = page.as_ref().map(|page| page.connect.clone()).unwrap_or_default();
        if let Some((version, change)) = page.map(|page| self.page.write(page, &self.hub)).transpose()?.flatten() {
            self.update = Some((version, change, started));
        }
        let is_alone = services.is_empty();
        if !is_alone || !self.fleet.services().is_empty() {
            self.take_in_services(services, started)?;
        }
        if is_alone {
            self.serve_page(connect)?;
        }
        self.tell_pages();
        Ok(())
    }

    /// The program has errors: whatever ran before goes on.
    fn stay(&mut self, wishes: &[Wish]) -> Result<(), Problem> {
        if self.announced {
            self.report.line("  Not built: the last good version keeps running");
            return Ok(());
        }
        let ports = wait_on(&mut self.waiting, wishes, self.options, &self.hub)?;
        let port = ports.first().copied().unwrap_or_default();
        self.report.line(&format!("  Not built: waiting for a change (shown at http://localhost:{port} too)"));
        Ok(())
    }

    /// The program runs for the first time.
    fn announce(&mut self, text: &str) {
        self.announced = true;
        self.waiting.clear();
        self.report.line(text);
        self.hub.runs();
    }

    /// Serves the page of a program without servers.
    fn serve_page(&mut self, connect: Vec<String>) -> Result<(), Problem> {
        if self.serving.is_some() {
            return Ok(());
        }
        let wish = Wish { name: None, port: None };
        let ports = ports::assign(std::slice::from_ref(&wish), self.options.port, |name| std::env::var(name).ok())?;
        let port = ports.first().copied().unwrap_or_default();
        let listener = match self.waiting.socket(port) {
            Some(listener) => listener?,
            None => ports::bind(host()?, port, "the page", &wish, true)?,
        };
        self.waiting.close(port);
        let connect: Vec<String> = connect.into_iter().chain(self.hub.sources()).collect();
        let serving = serve::serve_page(listener, self.page.path(), &connect)?;
        let port = serving.port();
        self.serving = Some(serving);
        self.announce(&format!("  Serving the page on port {port}\n\n    -> client: http://localhost:{port}\n"));
        Ok(())
    }

    fn take_in_services(&mut self, services: Vec<ServiceSource>, started: Instant) -> Result<(), Problem> {
        if self.tools.is_none() {
            self.tools = Some(tools(self.report)?);
        }
        // The first server takes the port.
        self.serving = None;
        let wishes: Vec<Wish> = services.iter().map(|service| service.wish.clone()).collect();
        let ports = ports::assign(&wishes, self.options.port, |name| std::env::var(name).ok())?;
        let (host, single) = (host()?, wishes.len() == 1);
        let wanted: Vec<(Wish, u16)> = wishes.into_iter().zip(ports).collect();
        let before: Vec<u16> = self.fleet.services().iter().map(|service| service.port).collect();
        let waiting = &self.waiting;
        self.fleet.arrange(&wanted, |wish, port| {
            waiting.socket(port).unwrap_or_else(|| ports::bind(host, port, &wish.label(), wish, single))
        })?;
        for service in self.fleet.services().iter().filter(|service| !before.contains(&service.port)) {
            self.report.line(&format!("  Starting {} on port {}", service.wish.label(), service.port));
        }
        let runtime_key = self.tools.as_ref().map(|(_, runtime)| runtime.key.clone()).unwrap_or_default();
        self.units.set(services, &runtime_key, started);
        for index in 0..wanted.len() {
            self.step(index)?;
        }
        Ok(())
    }

    fn step(&mut self, index: usize) -> Result<(), Problem> {
        let Some(tools) = &self.tools else { return Ok(()) };
        if let Step::Launch(binary) = self.units.step(index, tools)? {
            if let Some(service) = self.fleet.services().get(index) {
                self.waiting.close(service.port);
            }
            self.fleet.launch(index, &binary);
        }
        Ok(())
    }

    fn compiled(&mut self, name: Option<&String>, key: &str, result: Result<(), Failed>) -> Result<(), Problem> {
        let Some((index, failed)) = self.units.compiled(name, key, result) else { return Ok(()) };
        match failed {
            None => self.step(index)?,
            Some(Failed::Problem(problem)) => return Err(problem),
            Some(Failed::Invalid(errors)) => {
                return Err(rustc::bug(&errors, self.units.get(index).map(|unit| &unit.source)));
            }
        }
        self.tell_pages();
        Ok(())
    }

    fn ready(&mut self, number: u64) {
        let Some(index) = self.fleet.ready(number) else { return };
        if self.announced {
            if let (Some(service), Some(unit)) = (self.fleet.services().get(index), self.units.get(index)) {
                let took = unit.since.elapsed().as_millis();
                self.report.line(&format!("  {} updated in {took} ms", service.wish.label()));
            }
        } else if self.fleet.all_ready() {
            self.tell_pages();
            self.announce(&summary(&self.fleet));
            return;
        }
        self.tell_pages();
    }

    /// Tells open pages about their new version, once the servers that belong to it serve.
    fn tell_pages(&mut self) {
        let count = self.fleet.services().len();
        if (0..count).any(|index| self.units.is_pending(index)) || self.fleet.is_starting() {
            return;
        }
        if let Some((version, change, started)) = self.update.take() {
            self.hub.update(&version, &change);
            if self.announced && !change.is_null() {
                self.report.line(&format!("  page updated in {} ms", started.elapsed().as_millis()));
            }
        }
    }
}

/// Refuses a program that has nothing to serve.
fn check_content(loaded: &Loaded) -> Result<(), Problem> {
    match &loaded.artifacts {
        Some(artifacts) if artifacts.services.is_empty() && artifacts.page.is_none() => {
            Err(Problem::new("the program has neither a server nor a client block, so there is nothing to serve")
                .help("run a script with `tova run FILE`"))
        }
        _ => Ok(()),
    }
}

/// Waits on the ports that the program will have, as far as it can be told; gives them.
fn wait_on(waiting: &mut Waiting, wishes: &[Wish], options: &DevOptions, hub: &Hub) -> Result<Vec<u16>, Problem> {
    let page = [Wish { name: None, port: None }];
    let (wishes, what) = if wishes.is_empty() { (page.as_slice(), Some("the page")) } else { (wishes, None) };
    let ports = ports::assign(wishes, options.port, |name| std::env::var(name).ok())?;
    let (host, single) = (host()?, wishes.len() == 1);
    waiting.set(&ports, hub, |index, port| {
        let Some(wish) = wishes.get(index) else { return Err(Problem::new("a port without a server")) };
        ports::bind(host, port, &what.map_or_else(|| wish.label(), str::to_owned), wish, single)
    })?;
    Ok(ports)
}

fn tools(report: &dyn Report) -> Result<(Toolchain, Runtime), Problem> {
    let toolchain = Toolchain::find()?;
    let runtime = Runtime::ensure(&toolchain, report)?;
    Ok((toolchain, runtime))
}

/// What every server process gets on top of our own environment.
fn environment(page: &PageFolder) -> Vec<(String, String)> {
    vec![("TOVA_CLIENT_DIR".to_owned(), page.path().to_string_lossy().into_owned())]
}

/// `HOST`, else this machine alone.
fn host() -> Result<IpAddr, Problem> {
    match std::env::var("HOST").ok().filter(|host| !host.is_empty()) {
        None => Ok(Ipv4Addr::LOCALHOST.into()),
        Some(host) if host == "localhost" => Ok(Ipv4Addr::LOCALHOST.into()),
        Some(host) => host.parse().map_err(|_| {
            Problem::new(format!("HOST must be an address, found `{host}`")).help("for example: HOST=0.0.0.0 tova dev")
        }),
    }
}

fn texts(loaded: &Loaded) -> Vec<(PathBuf, Arc<str>)> {
    let text = |file| Arc::clone(&loaded.sources.map.file(file).text);
    loaded.sources.files.iter().map(|(path, file)| (path.clone(), text(*file))).collect()
}

/// What the user sees when everything runs.
fn summary(fleet: &Fleet<'_>) -> String {
    let mut text = format!("\n  {} server process(es) running", fleet.services().len());
    for service in fleet.services() {
        text.push_str(&format!("\n    -> {}: http://localhost:{}", service.wish.label(), service.port));
    }
    text.push('\n');
    text
}
