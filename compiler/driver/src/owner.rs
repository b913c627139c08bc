//! Who listens on a port of this machine, to name whom to blame.

/// The process that listens on the port, as `name` (process id), if the system tells.
#[cfg(target_os = "linux")]
pub(crate) fn of(port: u16) -> Option<String> {
    let socket = ["/proc/net/tcp", "/proc/net/tcp6"].into_iter().find_map(|table| listening_socket(table, port))?;
    let wanted = format!("socket:[{socket}]");
    let processes = std::fs::read_dir("/proc").ok()?.flatten();
    for process in
        processes.filter(|entry| entry.file_name().to_string_lossy().bytes().all(|byte| byte.is_ascii_digit()))
    {
        let Ok(descriptors) = std::fs::read_dir(process.path().join("fd")) else { continue };
        let holds = |path: std::path::PathBuf| {
            std::fs::read_link(path).is_ok_and(|target| target.as_os_str() == wanted.as_str())
        };
        if descriptors.flatten().any(|descriptor| holds(descriptor.path())) {
            let name = std::fs::read_to_string(process.path().join("comm")).unwrap_or_default();
            return Some(format!("`{}` (process {})", name.trim(), process.file_name().to_string_lossy()));
        }
    }
    None
}

/// The number of the socket that listens on the port, from a table of the kernel.
#[cfg(target_os = "linux")]
fn listening_socket(table: &str, port: u16) -> Option<String> {
    const LISTENING: &str = "0A";
    let text = std::fs::read_to_string(table).ok()?;
    text.lines().skip(1).find_map(|line| {
        let columns: Vec<&str> = line.split_whitespace().collect();
        let (_, local) = columns.get(1)?.rsplit_once(':')?;
        let matches = u16::from_str_radix(local, 16) == Ok(port) && columns.get(3) == Some(&LISTENING);
        matches.then(|| columns.get(9).map(|inode| (*inode).to_owned())).flatten()
    })
}

/// Other systems have no such table.
#[cfg(not(target_os = "linux"))]
pub(crate) fn of(_port: u16) -> Option<String> {
    None
}
