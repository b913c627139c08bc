//! JSX.

use super::{check, fails};

#[test]
fn elements() {
    check("<br/>", "(<br>)");
    check("<br>", "(<br>)");
    check("<a><b/></a>", "(<a> (<b>))");
    check(r#"<>"a"<b/></>"#, r#"(<> ({} "a") (<b>))"#);
    check("<A.B />", "(<A.B>)");
    check("<my-tag />", "(<my-tag>)");
    check(r#"<input type="text" disabled>"#, r#"(<input> (type= "text") disabled)"#);
}

#[test]
fn attributes() {
    check(
        r#"<a b="c" d={e} f aria-label="x {y}" data-x='z' />"#,
        r#"(<a> (b= "c") (d= e) f (aria-label= (template "x " y)) (data-x= "z"))"#,
    );
    check("<a {...r} ...s {name} />", "(<a> (... r) (... s) (name= name))");
    check(r#"<label for="x" class="y" />"#, r#"(<label> (for= "x") (class= "y"))"#);
    check(r#"<a style={{ fontSize: "1px" }} key={k} />"#, r#"(<a> (style= (record (fontSize: "1px"))) (key= k))"#);
    check(r##"<use xlink:href="#a" />"##, r##"(<use> (xlink:href= "#a"))"##);
    check(r#"<a "b"="c" />"#, r#"(<a> (b= "c"))"#);
}

#[test]
fn events_have_one_form() {
    check("<a on:click={f} onclick={f} onClick={f} />", "(<a> (on:click f) (on:click f) (on:click f))");
    check("<A onClick={f} />", "(<A> (onClick= f))");
    check(
        "<a on:keydown.enter.prevent={fn() n += 1} on:my-event={f} />",
        "(<a> (on:keydown.enter.prevent (lambda () (do (+= n 1)))) (on:my-event f))",
    );
}

#[test]
fn directives() {
    check(
        "<a bind:value={x} bind:this={r} class:on={a} class:is-active={b} class:w-1/2={c} class:open use:tip={x} transition:fade in:fly={{ y: 1 }} />",
        r#"(<a>
  (bind:value x)
  (bind:this r)
  (class:on a)
  (class:is-active b)
  (class:w-1/2 c)
  (class:open open)
  (use:tip x)
  (transition:fade)
  (in:fly (record (y: 1))))"#,
    );
}

#[test]
fn text_keeps_inner_spaces() {
    check("<p>Hi {a} there {b}! ok</p>", r#"(<p> (text "Hi ") ({} a) (text " there ") ({} b) (text "! ok"))"#);
    check(
        r#"<p>
  Hello,
  world
  {a}
</p>"#,
        r#"(<p> (text "Hello, world") ({} a))"#,
    );
    check("<p> {a} </p>", r#"(<p> (text " ") ({} a))"#);
    check("<p>a &amp; b &#10003; &nope; c</p>", r#"(<p> (text "a & b ✓ &nope; c"))"#);
    check("<p>it's fine</p>", r#"(<p> (text "it's fine"))"#);
    check("<p>http://x.y</p>", r#"(<p> (text "http://x.y"))"#);
    check("<p>if you say so for me</p>", r#"(<p> (text "if you say so for me"))"#);
    check("<p>a < b</p>", r#"(<p> (text "a < b"))"#);
}

#[test]
fn quoted_text_is_shown_without_quotes() {
    check(r#"<p>"Hi {name}"</p>"#, r#"(<p> ({} (template "Hi " name)))"#);
    check("<p>'a {b}'</p>", r#"(<p> ({} "a {b}"))"#);
    check(r#"<p>"&times;" {a} "b"</p>"#, r#"(<p> ({} "×") ({} a) ({} "b"))"#);
    check(r#"<p>say "hi {x}" now</p>"#, r#"(<p> (text "say ") ({} (template "hi " x)) (text " now"))"#);
    check(r#"<p>"a""b"</p>"#, r#"(<p> ({} "a") ({} "b"))"#);
}

#[test]
fn code() {
    check("<p>{a}</p>", "(<p> ({} a))");
    check("<p>{}</p>", "(<p>)");
    check("<p>{/* nothing */}</p>", "(<p>)");
    check("<p>{if a { <b/> }}</p>", "(<p> ({} (if a (do (<b>)))))");
    check(r#"<p>{match a { 1 => <b/>, _ => "x" }}</p>"#, r#"(<p> ({} (match a (=> 1 (<b>)) (=> _ "x"))))"#);
    check(
        "<p>{xs |> map(fn(x) { <li>{x}</li> })}</p>",
        "(<p> ({} (|> xs (call map (lambda (x) (do (<li> ({} x))))))))",
    );
    check("<p>{[<li>{x}</li> for x in xs]}</p>", "(<p> ({} (list-for (<li> ({} x)) x (in xs))))");
    check("<p>{for x in xs { <b>{x}</b> }}</p>", "(<p> (for x (in xs) ((<b> ({} x)))))");
}

#[test]
fn comments() {
    check(
        r#"<p>
  // one
  <b/> /* two */
</p>"#,
        "(<p> (<b>))",
    );
}

#[test]
fn control_flow() {
    check(
        r#"<p>if a { <b/> } elif b { text } else if c { "q" } else { {d} }</p>"#,
        r#"(<p> (if a ((<b>)) b ((text "text")) c (({} "q")) (else (({} d)))))"#,
    );
    check(
        r#"<ul>
  for x in xs { <li/> }
  for i, x in xs key={x.id} { <li>{x}</li> <hr/> }
  for {a, b} in f(x) {}
</ul>"#,
        r#"(<ul>
  (for x (in xs) ((<li>)))
  (for i x (in xs) (key (. x id)) ((<li> ({} x)) (text " ") (<hr>)))
  (for (record (a: a) (b: b)) (in (call f x)) ()))"#,
    );
    check(
        r#"<p>match s { Ok(u) => <b>{u}</b>  Err(_) => { "e" <i/> }, n if n > 1 => n, _ => "no" }</p>"#,
        r#"(<p>
  (match
    s
    (=> (Ok u) ((<b> ({} u))))
    (=> (Err _) (({} "e") (<i>)))
    (=> n (if (> n 1)) (({} n)))
    (=> _ (({} "no")))))"#,
    );
    check(
        r#"<p>
  "a"
  if x == { a: 1 } { <b/> }
  "c"
</p>"#,
        r#"(<p> ({} "a") (if (== x (record (a: 1))) ((<b>))) ({} "c"))"#,
    );
}

#[test]
fn mistakes_in_elements_are_named() {
    fails("x = <a><b></a>", "E0008", "expected `</b>`, found `</a>`");
    fails(
        r#"x = <a>
  <b>"c</b>
  <b>"d"</b>
</a>"#,
        "E0002",
        "this string is never closed",
    );
    fails("x = <a></b></a>", "E0008", "expected `</a>`, found `</b>`");
    fails("x = <a>", "E0008", "`<a>` is never closed");
    fails("x = <a b=c />", "E0001", "expected a value in quotes or braces, found `c`");
    fails("x = <a {b.c} />", "E0001", "expected an attribute, found only a value");
    fails("client { component A { <p>{x</p> } }", "E0003", "expected `}`, found `<`");
    fails(
        r#"x = <p>
    }
</p>"#,
        "E0001",
        "expected a child of the element, found `}`",
    );
}
