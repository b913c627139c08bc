//! Expressions of the prelude.
//!
//! | form | meaning |
//! |---|---|
//! | `12`, `"text"`, `name` | a number (i32), a text, a local, a global, or a reference to a function |
//! | `(let x e)`, `(set x e)` | a new local; updates a local or global |
//! | `(.f e)`, `(.f e v)` | reads, updates a field |
//! | `(new T e …)`, `(new T)` | a struct with all fields, or all zero |
//! | `(array T n)`, `(at a i)`, `(at a i v)`, `(len a)`, `(copy to at from at n)` | arrays |
//! | `(null T)`, `(null? e)`, `(some? e)`, `(is a b)`, `(cast T e)`, `(test T e)` | references |
//! | `(if c then [else])`, `(pick T c a b)` | a decision; one with a value of type `T` |
//! | `(do e …)`, `(while c e …)`, `(break)`, `(return [e])` | flow |
//! | `(and a b)`, `(or a b)`, `(not a)` | truth; the second operand is evaluated only if needed |
//! | `+ - * & \| ^ << >> == != < <= > >=` | numbers |
//! | `(invoke Sig f e …)` | calls a function reference |
//! | `(i64 e)`, `(i32 e)`, `(to-any e)`, `(to-ext e)` | conversions |
//! | `(f e …)` | calls a function |

use ecow::{EcoString, eco_format};

use super::read::Form;
use super::{Outcome, Prelude, position};
use crate::asm::{Code, Ins, Label, Module, Val};

/// A function to write.
pub(super) struct Body<'a> {
    pub(super) params: &'a [(EcoString, Val)],
    pub(super) result: Option<Val>,
    pub(super) forms: &'a [Form],
}

/// Writes the code of a function.
pub(super) fn body(prelude: &Prelude, module: &mut Module, body: Body<'_>) -> Outcome<Code> {
    let vals: Vec<Val> = body.params.iter().map(|(_, val)| *val).collect();
    let mut emitter = Emitter { prelude, module, code: Code::new(&vals), names: Vec::new(), exits: Vec::new() };
    for ((name, _), local) in body.params.iter().zip(0..) {
        emitter.names.push((name.clone(), local));
        emitter.code.name_local(local, name);
    }
    match (body.result, body.forms.split_last()) {
        (Some(_), Some((last, before))) => {
            emitter.statements(before)?;
            emitter.expr(last)?;
        }
        _ => emitter.statements(body.forms)?,
    }
    Ok(emitter.code)
}

struct Emitter<'a> {
    prelude: &'a Prelude,
    module: &'a mut Module,
    code: Code,
    names: Vec<(EcoString, u32)>,
    exits: Vec<Label>,
}

impl Emitter<'_> {
    fn statements(&mut self, forms: &[Form]) -> Outcome<()> {
        for form in forms {
            if self.expr(form)?.is_some() {
                self.code.op(Ins::Drop);
            }
        }
        Ok(())
    }

    /// An expression that must have a value.
    fn value(&mut self, form: &Form) -> Outcome<Val> {
        self.expr(form)?.ok_or_else(|| eco_format!("a value is expected: {form:?}"))
    }

    fn expr(&mut self, form: &Form) -> Outcome<Option<Val>> {
        match form {
            Form::Word(word) => self.word(word).map(Some),
            Form::Text(text) => {
                let text = self.module.string(text);
                self.code.global_get(text);
                Ok(Some(Val::Ext))
            }
            Form::List(_) => self.list(form),
        }
    }

    fn word(&mut self, word: &str) -> Outcome<Val> {
        if let Ok(number) = word.parse::<i32>() {
            self.code.i32(number);
            return Ok(Val::I32);
        }
        if let Some(local) = self.find_local(word) {
            self.code.get(local);
            return Ok(self.code.local_type(local));
        }
        if let Some(func) = self.prelude.funcs.get(word) {
            self.code.ref_func(func.id);
            return Ok(Val::Func);
        }
        let (global, val) = *self.prelude.globals.get(word).ok_or_else(|| eco_format!("no such name: `{word}`"))?;
        self.code.global_get(global);
        Ok(val)
    }

    fn find_local(&self, name: &str) -> Option<u32> {
        self.names.iter().rev().find(|(known, _)| known == name).map(|(_, local)| *local)
    }

    fn list(&mut self, form: &Form) -> Outcome<Option<Val>> {
        let head = form.head();
        if let Some(field) = head.strip_prefix('.') {
            return self.field(form, field);
        }
        if let Some(op) = binary(head) {
            self.value(form.at(1)?)?;
            self.value(form.at(2)?)?;
            self.code.op(op);
            return Ok(Some(Val::I32));
        }
        match head {
            "let" | "set" => self.assign(form),
            "new" | "array" | "at" | "len" | "copy" => self.data(form),
            "null" | "null?" | "some?" | "is" | "cast" | "test" | "i64" | "i32" | "to-any" | "to-ext" => {
                self.reference(form)
            }
            "if" | "pick" | "and" | "or" | "not" => self.decision(form),
            "do" => self.statements(form.slice(1)).map(|()| None),
            "while" => self.repeat(form),
            "break" => {
                let exit = *self.exits.last().ok_or("break outside of a loop")?;
                self.code.br(exit);
                Ok(None)
            }
            "return" => {
                if let Ok(value) = form.at(1) {
                    self.value(value)?;
                }
                self.code.op(Ins::Return);
                Ok(None)
            }
            "invoke" => {
                let sig = self.prelude.find_type(form.word(1)?)?;
                for arg in form.rest(3) {
                    self.value(arg)?;
                }
                self.value(form.at(2)?)?;
                self.code.call_ref(sig);
                Ok(self.prelude.sigs.get(&sig).copied().flatten())
            }
            name => {
                let func =
                    self.prelude.funcs.get(name).ok_or_else(|| eco_format!("no such function: `{name}`"))?.clone();
                for arg in form.rest(1) {
                    self.value(arg)?;
                }
                self.code.call(func.id);
                Ok(func.result)
            }
        }
    }

    fn field(&mut self, form: &Form, name: &str) -> Outcome<Option<Val>> {
        let Val::Ref(ty) = self.value(form.at(1)?)? else {
            return Err(eco_format!("`.{name}` of something that is not a struct"));
        };
        let data =
            self.prelude.structs.get(&ty).ok_or_else(|| eco_format!("`.{name}` of something that is not a struct"))?;
        let at = position(&data.fields, name).ok_or_else(|| eco_format!("no such field: `.{name}`"))?;
        let val = data.fields.get(at as usize).map_or(Val::I32, |(_, val)| *val);
        if let Ok(new) = form.at(2) {
            self.value(new)?;
            self.code.struct_set(data.id, at);
            return Ok(None);
        }
        self.code.struct_get(data.id, at);
        Ok(Some(val))
    }

    fn assign(&mut self, form: &Form) -> Outcome<Option<Val>> {
        let name = form.word(1)?;
        let val = self.value(form.at(2)?)?;
        if form.head() == "let" {
            let local = self.code.local(val);
            self.code.name_local(local, name);
            self.names.push((name.into(), local));
            self.code.set(local);
        } else if let Some(local) = self.find_local(name) {
            self.code.set(local);
        } else {
            let (global, _) = *self.prelude.globals.get(name).ok_or_else(|| eco_format!("no such name: `{name}`"))?;
            self.code.global_set(global);
        }
        Ok(None)
    }

    fn data(&mut self, form: &Form) -> Outcome<Option<Val>> {
        match form.head() {
            "new" => {
                let ty = self.prelude.find_type(form.word(1)?)?;
                if form.slice(2).is_empty() {
                    self.code.op(Ins::StructNewDefault(ty.raw()));
                } else {
                    for field in form.rest(2) {
                        self.value(field)?;
                    }
                    self.code.struct_new(ty);
                }
                Ok(Some(Val::Ref(ty)))
            }
            "array" => {
                let ty = self.prelude.find_type(form.word(1)?)?;
                self.value(form.at(2)?)?;
                self.code.array_new(ty);
                Ok(Some(Val::Ref(ty)))
            }
            "len" => {
                self.value(form.at(1)?)?;
                self.code.op(Ins::ArrayLen);
                Ok(Some(Val::I32))
            }
            "copy" => {
                let Val::Ref(ty) = self.value(form.at(1)?)? else {
                    return Err("`copy` to something that is not an array".into());
                };
                for operand in form.rest(2) {
                    self.value(operand)?;
                }
                self.code.array_copy(ty);
                Ok(None)
            }
            _ => {
                let Val::Ref(ty) = self.value(form.at(1)?)? else {
                    return Err("`at` of something that is not an array".into());
                };
                let element = *self.prelude.arrays.get(&ty).ok_or("`at` of something that is not an array")?;
                self.value(form.at(2)?)?;
                if let Ok(new) = form.at(3) {
                    self.value(new)?;
                    self.code.array_set(ty);
                    return Ok(None);
                }
                self.code.array_get(ty);
                Ok(Some(element))
            }
        }
    }

    fn reference(&mut self, form: &Form) -> Outcome<Option<Val>> {
        let head = form.head();
        if matches!(head, "null" | "cast" | "test") {
            let val = self.prelude.val(form.at(1)?)?;
            if head == "null" {
                self.code.null(val);
                return Ok(Some(val));
            }
            let Val::Ref(ty) = val else { return Err("a cast to something that is not a struct".into()) };
            self.value(form.at(2)?)?;
            if head == "test" {
                self.code.test(ty);
                return Ok(Some(Val::I32));
            }
            self.code.cast(ty);
            return Ok(Some(val));
        }
        self.value(form.at(1)?)?;
        Ok(Some(match head {
            "null?" => {
                self.code.is_null();
                Val::I32
            }
            "some?" => {
                self.code.is_null();
                self.code.op(Ins::I32Eqz);
                Val::I32
            }
            "is" => {
                self.value(form.at(2)?)?;
                self.code.op(Ins::RefEq);
                Val::I32
            }
            "i64" => {
                self.code.op(Ins::I64ExtendI32S);
                Val::I64
            }
            "i32" => {
                self.code.op(Ins::I32WrapI64);
                Val::I32
            }
            "to-any" => {
                self.code.op(Ins::AnyConvertExtern);
                Val::Any
            }
            _ => {
                self.code.op(Ins::ExternConvertAny);
                Val::Ext
            }
        }))
    }

    fn decision(&mut self, form: &Form) -> Outcome<Option<Val>> {
        match form.head() {
            "if" => {
                self.value(form.at(1)?)?;
                self.code.if_(None);
                self.statements(std::slice::from_ref(form.at(2)?))?;
                if let Ok(other) = form.at(3) {
                    self.code.else_();
                    self.statements(std::slice::from_ref(other))?;
                }
                self.code.end();
                Ok(None)
            }
            "pick" => {
                let val = self.prelude.val(form.at(1)?)?;
                self.value(form.at(2)?)?;
                self.code.if_(Some(val));
                self.value(form.at(3)?)?;
                self.code.else_();
                self.value(form.at(4)?)?;
                self.code.end();
                Ok(Some(val))
            }
            "not" => {
                self.value(form.at(1)?)?;
                self.code.op(Ins::I32Eqz);
                Ok(Some(Val::I32))
            }
            head => {
                let is_and = head == "and";
                self.value(form.at(1)?)?;
                self.code.if_(Some(Val::I32));
                if is_and {
                    self.value(form.at(2)?)?;
                } else {
                    self.code.i32(1);
                }
                self.code.else_();
                if is_and {
                    self.code.i32(0);
                } else {
                    self.value(form.at(2)?)?;
                }
                self.code.end();
                Ok(Some(Val::I32))
            }
        }
    }

    fn repeat(&mut self, form: &Form) -> Outcome<Option<Val>> {
        let exit = self.code.block(None);
        let top = self.code.loop_(None);
        self.value(form.at(1)?)?;
        self.code.op(Ins::I32Eqz);
        self.code.br_if(exit);
        self.exits.push(exit);
        self.statements(form.slice(2))?;
        self.exits.pop();
        self.code.br(top);
        self.code.end();
        self.code.end();
        Ok(None)
    }
}

fn binary(head: &str) -> Option<Ins<'static>> {
    Some(match head {
        "+" => Ins::I32Add,
        "-" => Ins::I32Sub,
        "*" => Ins::I32Mul,
        "&" => Ins::I32And,
        "|" => Ins::I32Or,
        "^" => Ins::I32Xor,
        "<<" => Ins::I32Shl,
        ">>" => Ins::I32ShrU,
        "==" => Ins::I32Eq,
        "!=" => Ins::I32Ne,
        "<" => Ins::I32LtS,
        "<=" => Ins::I32LeS,
        ">" => Ins::I32GtS,
        ">=" => Ins::I32GeS,
        _ => return None,
    })
}
