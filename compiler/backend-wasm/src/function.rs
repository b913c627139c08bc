//! Functions and closures: parameters and captures find their places, then the body is translated.

use std::rc::Rc;

use tova_ir::{Closure, Expr, FnId, FnType, Function, LocalId, LocalKind, Type};

use crate::asm::{Code, Field, FuncId, GlobalId, Ins, TypeId, Val};
use crate::emit::{Emit, Locals};
use crate::expr::walk;
use crate::lower::{Frame, Lower, Slot};
use crate::repr::ClosureTypes;

/// What is translated: the code of a function or closure.
pub(crate) struct Source<'e> {
    /// The name for the debugger.
    pub(crate) name: &'e str,
    /// The locals of the function around.
    pub(crate) locals: Locals,
    /// The parameters, behind the closure itself if there are captures.
    pub(crate) params: &'e [LocalId],
    /// The captures, with the type of the closure's struct and the index of the first one's field.
    pub(crate) captures: Option<(&'e [LocalId], TypeId, u32)>,
    /// Types of all parameters of the wasm function.
    pub(crate) vals: Vec<Val>,
    pub(crate) ret: &'e Type,
    pub(crate) body: &'e Expr,
    /// Whether a call gives a task.
    pub(crate) is_async: bool,
}

/// Translates a function of the program.
pub(crate) fn translate(cx: &mut Emit<'_>, function: &Function, func: FuncId) {
    let vals = function.params.iter().map(|&param| cx.slot_val(function, param)).collect();
    let source = Source {
        name: &function.name,
        locals: Rc::from(function.locals.as_slice()),
        params: &function.params,
        captures: None,
        vals,
        ret: &function.ret,
        body: &function.body,
        is_async: function.effects.is_async,
    };
    let code = code_of(cx, &source);
    cx.module.define_func(func, code);
}

/// The code of a function or closure.
pub(crate) fn code_of(cx: &mut Emit<'_>, source: &Source<'_>) -> Code {
    if source.is_async {
        return crate::task::code_of(cx, source);
    }
    let mut lower = Lower::new(cx, &source.vals, source.locals.clone());
    let frame = walk::tries(source.body).then(|| open_frame(&mut lower, None));
    place_params(&mut lower, source);
    prepare_owned(&mut lower, source.body);
    lower.returned = lower.cx.val(source.ret);
    lower.value(source.body, source.ret);
    let code = std::mem::take(&mut lower.code);
    if let Some(frame) = frame {
        close_frame(cx, &frame);
    }
    code
}

/// A new frame in a local. A task's frame begins with the fields of its supertype.
pub(crate) fn open_frame(lower: &mut Lower<'_, '_>, task: Option<TypeId>) -> Frame {
    let ty = lower.cx.module.declare_struct("Frame", task);
    let inherited = task.map(|task| lower.cx.module.fields(task).to_vec()).unwrap_or_default();
    let local = lower.code.local(Val::Ref(ty));
    let frame = Frame { local, ty, fields: Rc::new(std::cell::RefCell::new(inherited)) };
    lower.code.op(Ins::StructNewDefault(ty.raw()));
    lower.code.set(local);
    lower.frame = Some(frame.clone());
    frame
}

/// Defines the type of a frame when all its fields are known.
pub(crate) fn close_frame(cx: &mut Emit<'_>, frame: &Frame) {
    cx.module.define_struct(frame.ty, frame.fields.borrow().clone());
}

/// Gives parameters and captures their slots. In a frame they are copied into it.
pub(crate) fn place_params(lower: &mut Lower<'_, '_>, source: &Source<'_>) {
    let first = u32::from(source.captures.is_some());
    for (at, &param) in (first..).zip(source.params) {
        let local = lower.local(param);
        lower.code.name_local(at, &local.name);
        if local.kind == LocalKind::Shared {
            let val = lower.cx.stored(&local.ty);
            let cell = lower.cx.cell_type(val);
            lower.code.get(at);
            lower.code.i32(0);
            lower.code.struct_new(cell);
            let slot = lower.slot(param);
            lower.store(slot.base, slot.val);
        } else {
            let val = lower.slot_val(&local);
            keep(lower, param, val, at);
        }
    }
    let Some((captures, ty, field)) = source.captures else { return };
    if captures.is_empty() {
        return;
    }
    let this = lower.code.local(Val::Ref(ty));
    lower.code.get(0);
    lower.code.cast(ty);
    lower.code.set(this);
    for (field, &capture) in (field..).zip(captures) {
        let slot = lower.slot(capture);
        lower.code.get(this);
        lower.code.struct_get(ty, field);
        lower.store(slot.base, slot.val);
    }
}

/// A wasm parameter is the slot itself, unless there is a frame.
fn keep(lower: &mut Lower<'_, '_>, id: LocalId, val: Val, at: u32) {
    if lower.frame.is_some() {
        let slot = lower.slot(id);
        lower.code.get(at);
        lower.store(slot.base, slot.val);
    } else {
        lower.slots.insert(id, Slot { base: crate::lower::Base::Local(at), val });
    }
}

/// Makes bits for the variables that are updated in part.
pub(crate) fn prepare_owned(lower: &mut Lower<'_, '_>, body: &Expr) {
    for id in walk::updated_in_part(body, &lower.locals) {
        let base = lower.place(Val::I32);
        lower.owned.insert(id, base);
    }
}

impl Lower<'_, '_> {
    /// A function value with captures.
    pub(crate) fn closure(&mut self, closure: &Closure, ty: &Type) {
        let params: Vec<Val> = closure.params.iter().map(|&param| self.param_val(param)).collect();
        let is_async = match ty {
            Type::Fn(function) => function.is_async,
            _ => closure.effects.is_async,
        };
        let result = self.cx.result_val(&closure.ret, is_async);
        let types = self.cx.closure_shape(params.clone(), result);
        let mut captured: Vec<(LocalId, Val)> = Vec::new();
        for &id in &closure.captures {
            let local = self.local(id);
            captured.push((id, self.slot_val(&local)));
        }
        let mut fields = self.cx.closure_fields(types);
        let first = crate::asm::index(fields.len());
        fields.extend(captured.iter().map(|(_, val)| Field::fixed(*val)));
        let object = if captured.is_empty() {
            types.base
        } else {
            self.cx.module.struct_type("Closure", Some(types.base), fields)
        };
        let vals: Vec<Val> = std::iter::once(Val::Ref(types.base)).chain(params).collect();
        let source = Source {
            name: "closure",
            locals: self.locals.clone(),
            params: &closure.params,
            captures: Some((&closure.captures, object, first)),
            vals,
            ret: &closure.ret,
            body: &closure.body,
            is_async,
        };
        let code = code_of(self.cx, &source);
        let func = self.cx.module.declare_func("closure", types.code);
        self.cx.module.define_func(func, code);
        self.new_closure(func, object, &captured);
    }

    fn param_val(&mut self, param: LocalId) -> Val {
        let local = self.local(param);
        self.cx.local_val(&local)
    }

    fn new_closure(&mut self, func: FuncId, object: TypeId, captured: &[(LocalId, Val)]) {
        if captured.is_empty() {
            let named = self.cx.named_functions;
            let global = self.cx.constant(&format!("closure {}", func.raw()), Val::Ref(object), |_, c| {
                c.ref_func(func);
                if named {
                    c.null(Val::Ext);
                }
                c.struct_new(object);
            });
            return self.code.global_get(global);
        }
        self.code.ref_func(func);
        if self.cx.named_functions {
            self.code.null(Val::Ext);
        }
        for (id, _) in captured {
            let slot = self.slot(*id);
            self.load(slot.base);
        }
        self.code.struct_new(object);
    }

    /// Calls the function value on the stack: the value is kept in a local, `args` pushes the arguments.
    pub(crate) fn call_value(&mut self, types: ClosureTypes, args: impl FnOnce(&mut Self)) {
        let callee = self.code.local(Val::Ref(types.base));
        self.code.tee(callee);
        args(self);
        self.code.get(callee);
        self.code.struct_get(types.base, 0);
        self.code.call_ref(types.code);
    }
}

/// The one closure object of a known function. Where calls of its signature may suspend, a function that does not gives a task that
/// is done.
pub(crate) fn value_of(cx: &mut Emit<'_>, (id, is_async): (FnId, bool)) -> GlobalId {
    let function = cx.program_function(id);
    let ty = FnType {
        params: function.params.iter().map(|param| function.locals[param.0 as usize].ty.clone()).collect(),
        ret: function.ret.clone(),
        is_async,
    };
    let types = cx.closure_types(&ty);
    let target = cx.function(id);
    let vals: Vec<Val> =
        std::iter::once(Val::Ref(types.base)).chain(ty.params.iter().map(|param| cx.stored(param))).collect();
    let wrapper = cx.module.declare_func(&function.name, types.code);
    let mut code = Code::new(&vals);
    (1..crate::asm::index(vals.len())).for_each(|at| code.get(at));
    code.call(target);
    if is_async && !function.effects.is_async {
        crate::task::wrap_done(cx, &mut code, &function.ret);
    }
    cx.module.define_func(wrapper, code);
    let named = cx.named_functions;
    cx.constant(&format!("fn {} {is_async}", id.0), Val::Ref(types.base), |cx, c| {
        c.ref_func(wrapper);
        if named {
            cx.text(c, &function.name);
        }
        c.struct_new(types.base);
    })
}
