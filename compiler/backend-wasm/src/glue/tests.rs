use super::*;

fn release(names: &[&str]) -> String {
    let imports: Vec<(EcoString, EcoString)> = names.iter().map(|name| ("m".into(), (*name).into())).collect();
    page_script(&imports, Mode::Release)
}

#[test]
fn a_script_has_what_its_module_imports_and_no_more() {
    let script = release(&["set_data"]);
    assert!(script.contains("const $0=(n,s)=>{n.data=s}"), "{script}");
    assert!(!script.contains("WebSocket") && !script.contains("addEventListener"), "{script}");
}

#[test]
fn parts_bring_the_parts_that_they_name() {
    let script = release(&["on"]);
    assert!(script.contains("const delegate=") && script.contains("const keys="), "{script}");
}

#[test]
fn a_page_with_lists_calls_and_sockets_stays_below_four_kilobytes() {
    let script = release(&[
        "template",
        "first_child",
        "next_sibling",
        "set_data",
        "set_attr",
        "toggle_attr",
        "toggle_class",
        "set_prop",
        "get_prop",
        "on",
        "mount",
        "insert",
        "first_node",
        "last_node",
        "remove_range",
        "move_range",
        "set_text",
        "fragment",
        "map_new",
        "map_get",
        "map_set",
        "number_text",
        "box_number",
        "json_get",
        "json_at",
        "json_len",
        "rpc",
        "call_off",
        "run_task",
        "report_error",
        "new_error",
        "rethrow",
        "fault",
        "endless",
        "socket",
        "handler",
        "handler_event",
        "set_token",
    ]);
    assert!(script.len() <= 4096, "{} bytes", script.len());
}

#[test]
fn texts_and_expressions_are_kept_as_they_are() {
    let script = "const a = (s) => /a b\\/[/ ]/i.test(s) ? \"x  y\" : `p ${s}  q`; // done\nconst b = 1 + +a;\n";
    assert_eq!(minify::minify(script), "const a=s=>/a b\\/[/ ]/i.test(s)?\"x  y\":`p ${s}  q`,b=1+ +a;");
}

#[test]
fn every_name_is_defined_once() {
    let mut names: Vec<&str> = parts().iter().map(|part| part.name).collect();
    let all = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), all);
}
