//! Views as text.

use super::Printer;
use crate::{Element, LocalId, View};

impl Printer<'_> {
    pub(super) fn view(&mut self, view: &View) -> String {
        match view {
            View::Text(text) => format!("text {text:?}"),
            View::Dynamic(e) => format!("hole {}", self.text(e)),
            View::Element(element) => self.element(element),
            View::Fragment(views) => format!("fragment {}", self.views(views)),
            View::Switch(switch) => {
                let subject = match &switch.subject {
                    Some((local, e)) => format!(" {} = {};", self.local(*local), self.text(e)),
                    None => String::new(),
                };
                let mut text = format!("show{subject} {} {{\n", self.text(&switch.select));
                for (index, branch) in switch.branches.iter().enumerate() {
                    let bindings = self.bindings(&branch.bindings);
                    text += &indented(&format!("{index}: {bindings}{}", self.view(&branch.view)));
                }
                text + "}"
            }
            View::For(list) => {
                let index = list.index.map_or_else(String::new, |index| format!("{}, ", self.local(index)));
                let key = list.key.as_ref().map_or_else(String::new, |key| format!(" key {}", self.text(key)));
                let head = format!("each {index}{} in {}{key} {{\n", self.local(list.item), self.text(&list.list));
                let bindings = self.bindings(&list.bindings);
                head + &indented(&format!("{bindings}{}", self.view(&list.body))) + "}"
            }
            View::Component { component, props } => {
                let components = self.program.client.as_ref().map(|client| &client.components);
                let name = components
                    .and_then(|all| all.get(component.0 as usize))
                    .map_or_else(|| "?".into(), |c| c.name.to_string());
                let props: Vec<String> =
                    props.iter().map(|prop| prop.as_ref().map_or_else(|| "_".into(), |e| self.text(e))).collect();
                format!("<{name}>({})", props.join(", "))
            }
        }
    }

    fn bindings(&mut self, bindings: &[(LocalId, crate::Expr)]) -> String {
        bindings.iter().map(|(local, e)| format!("{} = {}\n", self.local(*local), self.text(e))).collect()
    }

    fn views(&mut self, views: &[View]) -> String {
        if views.is_empty() {
            return "{}".into();
        }
        let inner: String = views.iter().map(|view| indented(&self.view(view))).collect();
        format!("{{\n{inner}}}")
    }

    fn element(&mut self, element: &Element) -> String {
        let mut text = format!("<{}", element.tag);
        for (name, value) in &element.attributes {
            text += &format!(" {name}={value:?}");
        }
        for binding in &element.bindings {
            let target = format!("{:?}", binding.target).to_lowercase();
            text += &format!(" {target}:{}={{{}}}", binding.name, self.text(&binding.value));
        }
        for event in &element.events {
            let modifiers: String = event.modifiers.iter().map(|word| format!(".{word}")).collect();
            text += &format!(" on:{}{modifiers}={{{}}}", event.name, self.text(&event.handler));
        }
        format!("{text}> {}", self.views(&element.children))
    }
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("  {line}\n")).collect()
}
