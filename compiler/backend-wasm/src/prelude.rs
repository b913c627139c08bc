//! Library functions of the module, written in a small typed s-expression language and assembled with the program.
//!
//! The texts lie beside this file (`prelude/*.core`). What no program reaches is not written, so that a page without lists carries no
//! list code. A text consists of
//!
//! * `(struct Name [: Super] (field type) …)`: all fields can be set; `(array Name type)`; `(sig Name (type …) [type])`;
//! * `(extern Name …)`: types that the loader binds;
//! * `(global name type)`; `(glue name (type …) [type])`: a platform function;
//! * `(fn name ((param type) …) [type] body …)`: the last expression is the result.
//!
//! Types are `i32 i64 f64 ext any func` and names; a name of a struct, array or signature is a nullable reference. Expressions are listed in
//! [`emit`].

mod emit;
mod read;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use ecow::{EcoString, eco_format};

use crate::asm::{Field, FuncId, GlobalId, Module, Storage, TypeId, Val};
use read::Form;

/// A struct of the prelude.
#[derive(Clone, Debug)]
struct Struct {
    id: TypeId,
    /// Names and types of all fields, inherited ones first.
    fields: Vec<(EcoString, Val)>,
}

/// A function of the prelude or the glue.
#[derive(Clone, Debug)]
struct Func {
    id: FuncId,
    result: Option<Val>,
}

/// What the loaded texts define.
#[derive(Clone, Debug, Default)]
pub(crate) struct Prelude {
    types: HashMap<EcoString, TypeId>,
    structs: HashMap<TypeId, Struct>,
    /// Element types of arrays.
    arrays: HashMap<TypeId, Val>,
    /// Results of signatures.
    sigs: HashMap<TypeId, Option<Val>>,
    funcs: HashMap<EcoString, Func>,
    globals: HashMap<EcoString, (GlobalId, Val)>,
}

/// A mistake in a text of the prelude: a bug of this crate, found by its tests.
type Outcome<T> = Result<T, EcoString>;

impl Prelude {
    /// Binds the types of function values: `name` is the struct, whose field `code` is called as `nameCode`.
    pub(crate) fn bind_closure(&mut self, name: &str, (base, code): (TypeId, TypeId), result: Option<Val>) {
        self.types.insert(name.into(), base);
        self.types.insert(eco_format!("{name}Code"), code);
        self.sigs.insert(code, result);
        self.structs.insert(base, Struct { id: base, fields: vec![("code".into(), Val::Ref(code))] });
    }

    /// Binds a function that the texts call.
    pub(crate) fn bind_func(&mut self, name: &str, id: FuncId, result: Option<Val>) {
        self.funcs.insert(name.into(), Func { id, result });
    }

    /// Adds the definitions of a text.
    pub(crate) fn load(&mut self, module: &mut Module, text: &str) -> Outcome<()> {
        let forms = read::forms(text)?;
        self.declare_types(module, &forms)?;
        let mut bodies = Vec::new();
        for form in &forms {
            self.declare(module, form, &mut bodies)?;
        }
        for (id, params, result, body) in bodies {
            let code = emit::body(self, module, emit::Body { params: &params, result, forms: body })?;
            module.define_func(id, code);
        }
        Ok(())
    }

    /// A type by name.
    pub(crate) fn ty(&self, name: &str) -> TypeId {
        *self.types.get(name).expect("a type of the prelude")
    }

    /// A function by name.
    pub(crate) fn func(&self, name: &str) -> FuncId {
        self.funcs.get(name).map(|func| func.id).expect("a function of the prelude")
    }

    /// A global by name.
    pub(crate) fn global(&self, name: &str) -> GlobalId {
        self.globals.get(name).map(|(id, _)| *id).expect("a global of the prelude")
    }

    /// The fields of a struct, for a subtype.
    pub(crate) fn inherited(&self, name: &str) -> Vec<Field> {
        self.structs
            .get(&self.ty(name))
            .map(|s| s.fields.iter().map(|(_, val)| Field::mutable(*val)).collect())
            .unwrap_or_default()
    }

    /// The position of a field.
    pub(crate) fn field(&self, ty: &str, field: &str) -> u32 {
        self.structs.get(&self.ty(ty)).and_then(|s| position(&s.fields, field)).expect("a field of the prelude")
    }

    /// Structs first, since everything may mention them; a supertype stands above its subtypes.
    fn declare_types(&mut self, module: &mut Module, forms: &[Form]) -> Outcome<()> {
        for form in forms {
            if form.head() == "struct" {
                let name = form.word(1)?;
                let supertype = if form.is_word(2, ":") { Some(self.find_type(form.word(3)?)?) } else { None };
                let id = module.declare_struct(name, supertype);
                self.types.insert(name.into(), id);
            }
        }
        for form in forms {
            match form.head() {
                "array" => {
                    let element = self.val(form.at(2)?)?;
                    let id = module.array_type(Storage::Val(element));
                    self.types.insert(form.word(1)?.into(), id);
                    self.arrays.insert(id, element);
                }
                "sig" => {
                    let (params, result) = self.signature(form)?;
                    let id = module.func_type(&params, &result.into_iter().collect::<Vec<_>>());
                    self.types.insert(form.word(1)?.into(), id);
                    self.sigs.insert(id, result);
                }
                _ => {}
            }
        }
        for form in forms {
            if form.head() == "struct" {
                self.define_struct(module, form)?;
            }
        }
        Ok(())
    }

    fn define_struct(&mut self, module: &mut Module, form: &Form) -> Outcome<()> {
        let id = self.find_type(form.word(1)?)?;
        let mut fields = Vec::new();
        let mut at = 2;
        if form.is_word(2, ":") {
            let supertype = self.find_type(form.word(3)?)?;
            fields.extend(self.structs.get(&supertype).map(|s| s.fields.clone()).unwrap_or_default());
            at = 4;
        }
        for field in form.rest(at) {
            fields.push((field.word(0)?.into(), self.val(field.at(1)?)?));
        }
        module.define_struct(id, fields.iter().map(|(_, val)| Field::mutable(*val)).collect());
        self.structs.insert(id, Struct { id, fields });
        Ok(())
    }

    fn declare<'a>(&mut self, module: &mut Module, form: &'a Form, bodies: &mut Vec<Pending<'a>>) -> Outcome<()> {
        match form.head() {
            "struct" | "array" | "sig" => {}
            "extern" => {
                for name in form.rest(1) {
                    let Form::Word(name) = name else { return Err("a name is expected after extern".into()) };
                    if !self.types.contains_key(name) && !self.funcs.contains_key(name) {
                        return Err(eco_format!("`{name}` is not bound"));
                    }
                }
            }
            "global" => {
                let val = self.val(form.at(2)?)?;
                let id = module.global(form.word(1)?, val);
                self.globals.insert(form.word(1)?.into(), (id, val));
            }
            "glue" => {
                let (params, result) = self.signature(form)?;
                let id = module.glue(form.word(1)?, &params, &result.into_iter().collect::<Vec<_>>());
                self.bind_func(form.word(1)?, id, result);
            }
            "fn" => {
                let name = form.word(1)?;
                let mut params = Vec::new();
                for param in form.at(2)?.rest(0) {
                    params.push((EcoString::from(param.word(0)?), self.val(param.at(1)?)?));
                }
                let result = match form.at(3) {
                    Ok(Form::Word(word)) if form.rest(4).next().is_some() => Some(self.val_of_word(word)?),
                    _ => None,
                };
                let vals: Vec<Val> = params.iter().map(|(_, val)| *val).collect();
                let ty = module.func_type(&vals, &result.into_iter().collect::<Vec<_>>());
                let id = module.declare_func(name, ty);
                self.bind_func(name, id, result);
                bodies.push((id, params, result, form.slice(if result.is_some() { 4 } else { 3 })));
            }
            other => return Err(eco_format!("no such definition: `{other}`")),
        }
        Ok(())
    }

    /// The types of `(sig Name (param …) [result])` and `(glue …)`.
    fn signature(&self, form: &Form) -> Outcome<(Vec<Val>, Option<Val>)> {
        let params = form.at(2)?.rest(0).map(|param| self.val(param)).collect::<Outcome<_>>()?;
        let result = form.at(3).ok().map(|result| self.val(result)).transpose()?;
        Ok((params, result))
    }

    fn find_type(&self, name: &str) -> Outcome<TypeId> {
        self.types.get(name).copied().ok_or_else(|| eco_format!("no such type: `{name}`"))
    }

    fn val(&self, form: &Form) -> Outcome<Val> {
        match form {
            Form::Word(word) => self.val_of_word(word),
            Form::Text(_) | Form::List(_) => Err("a type is expected".into()),
        }
    }

    fn val_of_word(&self, word: &str) -> Outcome<Val> {
        Ok(match word {
            "i32" => Val::I32,
            "i64" => Val::I64,
            "f64" => Val::F64,
            "ext" => Val::Ext,
            "any" => Val::Any,
            "func" => Val::Func,
            name => Val::Ref(self.find_type(name)?),
        })
    }
}

/// A function whose code is to be written: handle, parameters, result, body.
type Pending<'a> = (FuncId, Vec<(EcoString, Val)>, Option<Val>, &'a [Form]);

/// The latest one counts: a subtype may name a field like one of its supertype.
fn position(fields: &[(EcoString, Val)], name: &str) -> Option<u32> {
    fields.iter().rposition(|(field, _)| field == name).and_then(|at| u32::try_from(at).ok())
}
