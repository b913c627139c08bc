//! Functions of the standard library that the backend provides, by the name in their `@intrinsic` attribute.

use tova_ir::{Expr, Type};

use crate::asm::{Ins, Val};
use crate::emit::Emit;
use crate::lower::Lower;
use crate::{fault, json, list, map, sort, text};

/// The names that [`Lower::intrinsic`] and [`Lower::update`] know themselves; those of the page's platform are the view's.
pub(crate) const CORE: &[&str] = &[
    "print",
    "panic",
    "throw",
    "uuid",
    "date.now",
    "sleep",
    "json.parse",
    "json.stringify",
    "float.abs",
    "float.ceil",
    "float.floor",
    "float.is_nan",
    "float.round",
    "float.sqrt",
    "float.to_fixed",
    "float.trunc",
    "int.abs",
    "int.div",
    "duration.ms",
    "option.expect",
    "option.unwrap",
    "size.bytes",
    "random.float",
    "random.int",
    "list.at",
    "list.len",
    "list.pop",
    "list.push",
    "list.reversed",
    "list.shift",
    "list.sort_by_keys",
    "list.sorted",
    "list.unshift",
    "map.delete",
    "map.entries",
    "map.keys",
    "map.len",
    "map.set",
    "map.values",
    "str.at",
    "str.chars",
    "str.contains",
    "str.ends_with",
    "str.index_of",
    "str.len",
    "str.lower",
    "str.pad_end",
    "str.pad_start",
    "str.repeat",
    "str.replace",
    "str.slice",
    "str.split",
    "str.starts_with",
    "str.to_float",
    "str.to_int",
    "str.trim",
    "str.trim_end",
    "str.trim_start",
    "str.upper",
    "str.words",
];

impl Lower<'_, '_> {
    /// Translates a call of an intrinsic.
    pub(crate) fn intrinsic(&mut self, name: &str, args: &[Expr], expr: &Expr) {
        let (family, _) = name.split_once('.').unwrap_or((name, ""));
        match family {
            "print" | "panic" | "throw" | "uuid" | "sleep" | "date" | "json" | "option" | "random" | "duration"
            | "size"
                if CORE.contains(&name) =>
            {
                self.general(name, args, expr)
            }
            "float" | "int" => self.number(name, args, expr),
            "list" => self.list(name, args, expr),
            "map" => self.map(name, args, expr),
            "str" => self.str(name, args, expr),
            _ => crate::view::intrinsic(self, name, args, expr),
        }
    }

    fn general(&mut self, name: &str, args: &[Expr], expr: &Expr) {
        match (name, args) {
            ("print", _) => self.print(args),
            ("json.stringify", [value]) => {
                self.stored(value);
                json::push_stored(self.cx, &mut self.code, &value.ty);
            }
            ("json.parse", [text]) => {
                self.expr(text);
                json::parse(self.cx, &mut self.code, &expr.ty);
            }
            ("panic", [message]) => {
                self.expr(message);
                fault::raise(self.cx, &mut self.code, expr.span);
            }
            ("throw", [message]) => {
                self.expr(message);
                self.code.null(Val::Ext);
                self.code.f64(0.0);
                let params = self.cx.with_span(&[Val::Ext, Val::Ext, Val::F64]);
                let throw = self.cx.module.glue("throw_error", &params, &[]);
                self.call_spanned(throw, expr.span);
                self.unreachable();
            }
            ("option.unwrap", [value]) => {
                self.expr(value);
                self.unwrap_or_fault(&value.ty, &expr.ty, "unwrap of nil", expr.span);
            }
            ("option.expect", [value, message]) => self.expect(value, message, expr),
            ("sleep", [time]) => {
                self.expr(time);
                self.code.op(Ins::F64ConvertI64S);
                crate::task::sleep(self);
            }
            ("uuid", _) => self.glue("uuid", &[], &[Val::Ext]),
            // Both are kept as the number that they count.
            ("duration.ms" | "size.bytes", [value]) => self.expr(value),
            ("date.now", _) => {
                self.glue("now", &[], &[Val::F64]);
                self.code.op(Ins::I64TruncSatF64S);
            }
            ("random.float", _) => self.glue("random", &[], &[Val::F64]),
            ("random.int", [low, high]) => {
                self.expr(low);
                self.expr(high);
                let func = random_int(self.cx);
                self.call_spanned(func, expr.span);
            }
            _ => {}
        }
    }

    fn print(&mut self, args: &[Expr]) {
        let concat = self.cx.module.js_string("concat");
        for (at, arg) in args.iter().enumerate() {
            if at > 0 {
                self.cx.text(&mut self.code, " ");
                self.code.call(concat);
            }
            self.display(arg);
            if at > 0 {
                self.code.call(concat);
            }
        }
        if args.is_empty() {
            self.cx.text(&mut self.code, "");
        }
        self.glue("log", &[Val::Ext], &[]);
    }

    fn expect(&mut self, value: &Expr, message: &Expr, expr: &Expr) {
        let val = self.cx.stored(&value.ty);
        self.stored(value);
        let kept = self.code.local(val);
        self.code.set(kept);
        self.expr(message);
        let text = self.code.temp(Val::Ext);
        self.code.set(text);
        self.code.get(kept);
        self.cx.is_nil(&mut self.code, &value.ty);
        self.code.if_(None);
        self.code.get(text);
        fault::raise(self.cx, &mut self.code, expr.span);
        self.code.end();
        self.code.get(kept);
        self.code.release(text);
        self.cx.unwrapped(&mut self.code, &expr.ty);
    }

    fn number(&mut self, name: &str, args: &[Expr], expr: &Expr) {
        args.iter().for_each(|arg| self.expr(arg));
        match name {
            "float.abs" => self.code.op(Ins::F64Abs),
            "float.sqrt" => self.code.op(Ins::F64Sqrt),
            "float.floor" => self.whole(&[Ins::F64Floor], expr),
            "float.ceil" => self.whole(&[Ins::F64Ceil], expr),
            "float.trunc" => self.whole(&[Ins::F64Trunc], expr),
            "float.round" => {
                self.glue("float_round", &[Val::F64], &[Val::F64]);
                self.whole(&[], expr);
            }
            "float.is_nan" => {
                let kept = self.code.temp(Val::F64);
                self.code.tee(kept);
                self.code.get(kept);
                self.code.op(Ins::F64Ne);
                self.code.release(kept);
            }
            "float.to_fixed" => {
                self.code.op(Ins::F64ConvertI64S);
                let params = self.cx.with_span(&[Val::F64, Val::F64]);
                let func = self.cx.module.glue("float_fixed", &params, &[Val::Ext]);
                self.call_spanned(func, expr.span);
            }
            "int.abs" => {
                let func = int_abs(self.cx);
                self.call_spanned(func, expr.span);
            }
            _ => {
                let func = crate::expr::div(self.cx);
                self.call_spanned(func, expr.span);
            }
        }
    }

    /// The float on the stack, rounded, as an int; a fault if it does not fit.
    fn whole(&mut self, rounding: &[Ins<'static>], expr: &Expr) {
        rounding.iter().for_each(|ins| self.code.op(ins.clone()));
        let func = whole(self.cx);
        self.call_spanned(func, expr.span);
    }

    fn list(&mut self, name: &str, args: &[Expr], expr: &Expr) {
        let [xs, rest @ ..] = args else { return };
        let Type::List(item) = &xs.ty else { return };
        if matches!(name, "list.len" | "list.at") {
            self.borrowed_before(xs, rest)
        } else {
            self.expr(xs)
        }
        rest.iter().for_each(|arg| self.stored(arg));
        match name {
            "list.len" => {
                let types = self.cx.list_of(item);
                self.code.struct_get(types.list, 1);
                self.code.op(Ins::I64ExtendI32U);
            }
            "list.at" => {
                let at = list::at(self.cx, item);
                self.code.call(at);
                if self.cx.val(&expr.ty).is_none() {
                    self.code.op(Ins::Drop);
                }
            }
            "list.reversed" => {
                let elem = self.cx.elem(item);
                let reversed = list::reversed(self.cx, elem);
                self.code.call(reversed);
            }
            "list.sorted" => {
                let sorted = sort::sorted(self.cx, item);
                self.code.call(sorted);
            }
            "list.sort_by_keys" => {
                if let [keys] = rest
                    && let Type::List(key) = &keys.ty
                {
                    let sorted = sort::by_keys(self.cx, item, key);
                    self.code.call(sorted);
                }
            }
            _ => {}
        }
    }

    fn map(&mut self, name: &str, args: &[Expr], expr: &Expr) {
        let [m, rest @ ..] = args else { return };
        let Type::Map(key, value) = &m.ty else { return };
        if rest.is_empty() {
            self.borrowed(m)
        } else {
            self.expr(m)
        }
        match (name, &expr.ty) {
            ("map.len", _) => {
                map::size(self.cx, &mut self.code);
                self.code.op(Ins::I64ExtendI32U);
            }
            ("map.keys", _) => {
                let keys = map::keys(self.cx, &m.ty, key);
                self.code.call(keys);
            }
            ("map.values", _) => {
                let values = map::collect(self.cx, "map_values", &m.ty, value, |cx, c, entry| {
                    c.get(entry);
                    map::entry_value(cx, c, value);
                });
                self.code.call(values);
            }
            ("map.entries", Type::List(pair)) => {
                let entries = map::collect(self.cx, "map_entries", &m.ty, pair, |cx, c, entry| {
                    c.get(entry);
                    map::entry_key(cx, c, key);
                    c.get(entry);
                    map::entry_value(cx, c, value);
                    if let Val::Ref(tuple) = cx.stored(pair) {
                        c.struct_new(tuple);
                    }
                });
                self.code.call(entries);
            }
            _ => {}
        }
    }

    fn str(&mut self, name: &str, args: &[Expr], expr: &Expr) {
        if let ("str.slice", [s, bounds @ ..]) = (name, args) {
            return text::slice(self, s, bounds, expr.span);
        }
        for arg in args {
            self.expr(arg);
            if arg.ty == Type::Int {
                self.code.op(Ins::F64ConvertI64S);
            }
        }
        match name {
            "str.len" => {
                self.glue("text_len", &[Val::Ext], &[Val::I32]);
                self.code.op(Ins::I64ExtendI32U);
            }
            "str.upper" => self.glue("text_upper", &[Val::Ext], &[Val::Ext]),
            "str.lower" => self.glue("text_lower", &[Val::Ext], &[Val::Ext]),
            "str.trim" => self.glue("text_trim", &[Val::Ext], &[Val::Ext]),
            "str.trim_start" => self.glue("text_trim_start", &[Val::Ext], &[Val::Ext]),
            "str.trim_end" => self.glue("text_trim_end", &[Val::Ext], &[Val::Ext]),
            "str.split" => text::list_from(self, "text_split", 2),
            "str.chars" => text::list_from(self, "text_chars", 1),
            "str.words" => text::list_from(self, "text_words", 1),
            "str.replace" => self.glue("text_replace", &[Val::Ext, Val::Ext, Val::Ext], &[Val::Ext]),
            "str.contains" => self.glue("text_contains", &[Val::Ext, Val::Ext], &[Val::I32]),
            "str.starts_with" => self.glue("text_starts", &[Val::Ext, Val::Ext], &[Val::I32]),
            "str.ends_with" => self.glue("text_ends", &[Val::Ext, Val::Ext], &[Val::I32]),
            "str.index_of" => {
                self.glue("text_index", &[Val::Ext, Val::Ext], &[Val::F64]);
                text::optional_int(self.cx, &mut self.code);
            }
            "str.at" => self.glue("text_at", &[Val::Ext, Val::F64], &[Val::Ext]),
            "str.pad_start" => self.glue("text_pad_start", &[Val::Ext, Val::F64, Val::Ext], &[Val::Ext]),
            "str.pad_end" => self.glue("text_pad_end", &[Val::Ext, Val::F64, Val::Ext], &[Val::Ext]),
            "str.repeat" => {
                let params = self.cx.with_span(&[Val::Ext, Val::F64]);
                let func = self.cx.module.glue("text_repeat", &params, &[Val::Ext]);
                self.call_spanned(func, expr.span);
            }
            "str.to_int" => {
                let func = text::to_int(self.cx);
                self.code.call(func);
            }
            "str.to_float" => {
                self.glue("text_number", &[Val::Ext], &[Val::F64]);
                text::optional_float(self.cx, &mut self.code);
            }
            _ => {}
        }
    }
}

/// `(float, span) -> int`; a fault if it does not fit.
fn whole(cx: &mut Emit<'_>) -> crate::asm::FuncId {
    let params = cx.with_span(&[Val::F64]);
    cx.helper("whole", crate::emit::Key::One, (&params, &[Val::I64]), |cx, c| {
        let number = cx.module.glue("number_text", &[Val::F64], &[Val::Ext]);
        let concat = cx.module.js_string("concat");
        c.get(0);
        c.f64(-9_223_372_036_854_775_808.0);
        c.op(Ins::F64Ge);
        c.get(0);
        c.f64(9_223_372_036_854_775_808.0);
        c.op(Ins::F64Lt);
        c.op(Ins::I32And);
        c.op(Ins::I32Eqz);
        c.if_(None);
        c.get(0);
        c.call(number);
        cx.text(c, " does not fit an Int");
        c.call(concat);
        cx.pass_span(c, 1);
        let raise = fault::raise_func(cx);
        c.call(raise);
        c.op(Ins::Unreachable);
        c.end();
        c.get(0);
        c.op(Ins::I64TruncSatF64S);
    })
}

/// `(int, span) -> int`
fn int_abs(cx: &mut Emit<'_>) -> crate::asm::FuncId {
    let params = cx.with_span(&[Val::I64]);
    cx.helper("int_abs", crate::emit::Key::One, (&params, &[Val::I64]), |cx, c| {
        c.get(0);
        c.i64(i64::MIN);
        c.op(Ins::I64Eq);
        crate::expr::fault_if(cx, c, "integer overflow", 1);
        c.get(0);
        c.i64(0);
        c.get(0);
        c.op(Ins::I64Sub);
        c.get(0);
        c.i64(0);
        c.op(Ins::I64GeS);
        c.op(Ins::Select);
    })
}

/// `(low, high, span) -> int` from `low` to `high`, both included.
fn random_int(cx: &mut Emit<'_>) -> crate::asm::FuncId {
    let params = cx.with_span(&[Val::I64, Val::I64]);
    cx.helper("random_int", crate::emit::Key::One, (&params, &[Val::I64]), |cx, c| {
        let random = cx.module.glue("random", &[], &[Val::F64]);
        let concat = cx.module.js_string("concat");
        let text = crate::display::int_text(cx);
        c.get(0);
        c.get(1);
        c.op(Ins::I64GtS);
        c.if_(None);
        cx.text(c, "no integer lies between ");
        c.get(0);
        c.call(text);
        c.call(concat);
        cx.text(c, " and ");
        c.call(concat);
        c.get(1);
        c.call(text);
        c.call(concat);
        cx.pass_span(c, 2);
        let raise = fault::raise_func(cx);
        c.call(raise);
        c.op(Ins::Unreachable);
        c.end();
        c.get(0);
        c.call(random);
        c.get(1);
        c.op(Ins::F64ConvertI64S);
        c.get(0);
        c.op(Ins::F64ConvertI64S);
        c.op(Ins::F64Sub);
        c.f64(1.0);
        c.op(Ins::F64Add);
        c.op(Ins::F64Mul);
        c.op(Ins::F64Floor);
        c.op(Ins::I64TruncSatF64S);
        c.op(Ins::I64Add);
    })
}
