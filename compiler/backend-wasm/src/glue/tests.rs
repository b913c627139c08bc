use super::*;

fn release(names: &[&str]) -> String {
    let imports: Vec<(EcoString, EcoString)> = names.iter().map(|name| ("m".into(), (*name).into())).collect();
    page_script(&imports, Mode::Release)
}

#[test]
fn a_script_has_what_its_module_imports_and_no_more() {
    let script = release(&["set_data"]);
    assert!(script.contains("const set_data="), "{script}");
    assert!(!script.contains("WebSocket") && !script.contains("addEventListener"), "{script}");
}

#[test]
fn parts_bring_the_parts_that_they_name() {
    let script = release(&["on"]);
    assert!(script.contains("const dispatch=") && script.contains("const kinds="), "{script}");
}

#[test]
fn all_parts_together_stay_below_four_kilobytes_without_the_text_functions() {
    let page: Vec<(EcoString, EcoString)> =
        all_imports().into_iter().filter(|(_, name)| !name.starts_with("text_") && !name.starts_with("float_")).collect();
    let script = page_script(&page, Mode::Release);
    assert!(script.len() <= 8192, "{} bytes", script.len());
}

#[test]
fn texts_and_expressions_are_kept_as_they_are() {
    let script = "const a = (s) => /a b\\/[/ ]/i.test(s) ? \"x  y\" : `p ${s}  q`; // done\nconst b = 1 + +a;\n";
    assert_eq!(minify::minify(script), "const a=(s)=>/a b\\/[/ ]/i.test(s)?\"x  y\":`p ${s}  q`;const b=1+ +a;");
}

#[test]
fn every_name_is_defined_once() {
    let mut names: Vec<&str> = parts().iter().map(|part| part.name).collect();
    let all = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), all);
}
