//! What views become, as the text of the intermediate program. How pages behave is tested in a browser, by `tests/pages`.

use crate::tests::harness::program;

/// The component `App` of a client block with this inside, without views.
fn app(items: &str, view: &str) -> String {
    let (program, _) = super::desugar(&program(&format!("client {{\n{items}\ncomponent App {{\n{view}\n}}\n}}\n")));
    let text = tova_ir::print(&program);
    let start = text.find("fn App()").expect("the component");
    let rest = text.get(start..).unwrap_or_default();
    rest.split("\n}\n").next().unwrap_or_default().to_owned()
}

#[test]
fn what_never_changes_is_in_the_template_alone() {
    let text = app("", "<p class=\"a b\" title=\"x\">\"1 < 2 & 3\"<br>\"end\"</p>");
    assert!(text.contains(r#"<p class=\"a b\" title=x>1 &lt; 2 &amp; 3<br>end</p>"#), "{text}");
    assert!(!text.contains("effect") && !text.contains("first_child"), "{text}");
}

#[test]
fn what_reads_nothing_reactive_is_done_once() {
    let text = app("size = 3", "<p>{size + 1}</p>");
    assert!(text.contains("dom.set_data") && !text.contains("reactive.effect"), "{text}");
}

#[test]
fn a_function_that_reads_a_state_is_followed() {
    let text = app("state n = 1\nfn twice() { n * 2 }", "<p>{twice()}</p>");
    assert!(text.contains("reactive.effect"), "{text}");
}

#[test]
fn texts_of_one_item_share_an_effect() {
    let text = app(
        "type Row { id: Int, name: String }\nstate rows: [Row] = []",
        "<ul>for row in rows { <li><b>{row.id}</b><i>{row.name}</i></li> }</ul>",
    );
    assert_eq!(text.matches("dom.update_data").count(), 2, "{text}");
    assert_eq!(text.matches("reactive.effect").count(), 1, "{text}");
}

#[test]
fn events_that_do_not_bubble_are_listened_to_directly() {
    let text = app("state n = 0", "<input on:focus={fn() n += 1} on:click={fn() n += 1} />");
    assert!(text.contains("dom.listen") && text.contains("dom.on"), "{text}");
}
