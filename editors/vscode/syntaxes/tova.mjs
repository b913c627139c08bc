// The grammar that colours Tova in VS Code. The file that VS Code reads, `tova.tmLanguage.json`, is made of this one by `npm run grammar`; here patterns
// are written as they are, and what repeats has a name.

const NAME = String.raw`[\p{L}_$][\p{L}\p{N}_$]*`;
const UPPER = String.raw`\p{Lu}[\p{L}\p{N}_$]*`;
const B = String.raw`(?<![\p{L}\p{N}_$.])`; // no word and no dot before
const E = String.raw`(?![\p{L}\p{N}_$])`; // no word goes on
const START = String.raw`(?:^|(?<=[{};]))\s*`; // the start of a statement
const NOT_OP = String.raw`(?!(?:in|is|and|or|not|if|else|for|when|as)\b)`;
/** Names of the captures, in order; `null` leaves one out. */
const cap = (...names) => Object.fromEntries(names.map((name, index) => [String(index + 1), { name }]).filter(([, { name }]) => name));
const inc = (...names) => names.map((include) => ({ include }));
const [PB, PE] = ["punctuation.section.block.begin.tova", "punctuation.section.block.end.tova"];
const [TB, TE] = ["punctuation.definition.template-expression.begin.tova", "punctuation.definition.template-expression.end.tova"];
const [XB, XE] = ["punctuation.section.embedded.begin.tova", "punctuation.section.embedded.end.tova"];
const [SB, SE] = ["punctuation.definition.string.begin.tova", "punctuation.definition.string.end.tova"];
const repo = {};
repo["shebang"] = { name: "comment.line.shebang.tova", match: String.raw`\A#!.*$` };
repo["code"] = {
  patterns: inc(
    "#comments",
    "#style-sheet",
    "#declarations",
    "#sql-call",
    "#strings",
    "#jsx",
    "#regular-expressions",
    "#attributes",
    "#labels",
    "#members",
    "#keys",
    "#contextual-words",
    "#keywords",
    "#constants",
    "#numbers",
    "#types",
    "#names",
    "#operators",
    "#punctuation",
    "#block",
  ),
};
repo["block"] = {
  begin: String.raw`\{`,
  end: String.raw`\}`,
  beginCaptures: { 0: { name: PB } },
  endCaptures: { 0: { name: PE } },
  patterns: inc("#code"),
};
repo["stray-brace"] = { name: "invalid.illegal.stray-brace.tova", match: String.raw`\}` };
repo["comments"] = {
  patterns: [
    { name: "comment.line.documentation.tova", match: String.raw`///(?!/).*$` },
    { name: "comment.line.double-slash.tova", match: String.raw`//.*$` },
    { include: "#block-comment" },
  ],
};
repo["block-comment"] = { name: "comment.block.tova", begin: String.raw`/\*`, end: String.raw`\*/`, patterns: inc("#block-comment") };

// Declarations
/** Words that begin a declaration if `ahead` follows them at the start of a statement. */
function words(list, ahead, kind) {
  return { match: START + "(" + list.join("|") + ")" + E + "(?=" + ahead + ")", captures: cap(kind) };
}
repo["declarations"] = {
  patterns: [
    {
      match: String.raw`(?:^|(?<=[{};]))\s*(shared|server|client|browser)` + E + String.raw`\s*(?=\"[^\"\n]*\"\s*\{|\{)`,
      captures: cap("storage.type.block.tova"),
    },
    words(["test", "bench"], String.raw`\s*(?:\{|\"|timeout\s*=)`, "storage.type.test.tova"),
    words(["before_each", "after_each"], String.raw`\s*\{`, "storage.type.test.tova"),
    {
      match: B + String.raw`(timeout)\s*(=)(?=[^=\n{]*\{\s*$)`,
      captures: cap("keyword.other.timeout.tova", "keyword.operator.assignment.tova"),
    },
    {
      begin:
        String.raw`(?:` +
        B +
        String.raw`(middleware)\s+)?` +
        B +
        String.raw`(fn)` +
        E +
        String.raw`(?:\s+(` +
        NAME +
        String.raw`))?\s*(?:(<)([^>\n]*)(>))?\s*(\()`,
      beginCaptures: {
        ...cap(
          "storage.type.middleware.tova",
          "storage.type.function.tova",
          "entity.name.function.tova",
          "punctuation.definition.typeparameters.begin.tova",
          null,
          "punctuation.definition.typeparameters.end.tova",
          "punctuation.definition.parameters.begin.tova",
        ),
        5: { patterns: inc("#types", "#punctuation") },
      },
      end: String.raw`\)`,
      endCaptures: { 0: { name: "punctuation.definition.parameters.end.tova" } },
      patterns: inc("#parameters"),
    },
    {
      begin: B + String.raw`(middleware)\s+(` + NAME + String.raw`)\s*(\()`,
      beginCaptures: cap("storage.type.middleware.tova", "entity.name.function.tova", "punctuation.definition.parameters.begin.tova"),
      end: String.raw`\)`,
      endCaptures: { 0: { name: "punctuation.definition.parameters.end.tova" } },
      patterns: inc("#parameters"),
    },
    {
      begin: B + String.raw`(component)\s+(` + NAME + String.raw`(?:\.` + NAME + String.raw`)*)\s*(\()`,
      beginCaptures: cap("storage.type.component.tova", "entity.name.type.component.tova", "punctuation.definition.parameters.begin.tova"),
      end: String.raw`\)`,
      endCaptures: { 0: { name: "punctuation.definition.parameters.end.tova" } },
      patterns: inc("#parameters"),
    },
    {
      match: B + String.raw`(component)\s+` + NOT_OP + "(" + NAME + String.raw`(?:\.` + NAME + String.raw`)*)`,
      captures: cap("storage.type.component.tova", "entity.name.type.component.tova"),
    },
    {
      match: B + String.raw`(type)\s+` + NOT_OP + "(" + NAME + String.raw`)(?:(<)([^>\n]*)(>))?`,
      captures: {
        ...cap(
          "storage.type.type.tova",
          "entity.name.type.tova",
          "punctuation.definition.typeparameters.begin.tova",
          null,
          "punctuation.definition.typeparameters.end.tova",
        ),
        4: { patterns: inc("#types", "#punctuation") },
      },
    },
    {
      match: B + String.raw`(trait|interface)\s+` + NOT_OP + "(" + NAME + ")",
      captures: cap("storage.type.trait.tova", "entity.name.type.tova"),
    },
    {
      match: B + String.raw`(impl)` + E + String.raw`(?=\s+` + NOT_OP + String.raw`[\p{L}_$]|\s*<)`,
      captures: cap("storage.type.impl.tova"),
    },
    {
      match: B + String.raw`(store|model)\s+` + NOT_OP + "(" + UPPER + ")",
      captures: cap("storage.type.declaration.tova", "entity.name.type.tova"),
    },
    {
      match: B + String.raw`(state|computed)\s+` + NOT_OP + "(" + NAME + ")",
      captures: cap("storage.type.state.tova", "variable.other.state.tova"),
    },
    words(["effect"], String.raw`\s*\{`, "storage.type.effect.tova"),
    words(
      ["onMount", "onUnmount", "onCleanup", "onBeforeUpdate", "on_start", "on_stop", "on_error"],
      String.raw`\s*(?:fn\b|async\b|\{|\()`,
      "storage.type.hook.tova",
    ),
    {
      begin: B + String.raw`(route)\s+([\p{L}]+)\s+(\")`,
      beginCaptures: {
        ...cap("storage.type.route.tova", "constant.language.method.tova"),
        3: { name: "string.quoted.double.route.tova " + SB },
      },
      end: String.raw`\"`,
      endCaptures: { 0: { name: "string.quoted.double.route.tova " + SE } },
      contentName: "string.quoted.double.route.tova",
      patterns: [{ name: "variable.parameter.route.tova", match: String.raw`:[\p{L}_][\p{L}\p{N}_]*|\*[\p{L}\p{N}_]*` }],
    },
    {
      match: B + String.raw`(env)\s+(` + NAME + String.raw`)(?=\s*:)`,
      captures: cap("storage.type.env.tova", "variable.other.constant.tova"),
    },
    words(["port", "max_body"], String.raw`[ \t]+` + NOT_OP + String.raw`[\p{L}\p{N}\"]`, "storage.type.setting.tova"),
    words(["health", "static"], String.raw`[ \t]+\"`, "storage.type.setting.tova"),
    words(
      [
        "auth",
        "cache",
        "compression",
        "config",
        "cors",
        "csp",
        "csrf",
        "db",
        "rate_limit",
        "session",
        "sessions",
        "static",
        "tls",
        "upload",
        "uploads",
      ],
      String.raw`\s*\{`,
      "storage.type.setting.tova",
    ),
    { match: B + String.raw`(derive)(?=\s*\[)`, captures: cap("storage.modifier.derive.tova") },
  ],
};
repo["parameters"] = {
  patterns: [
    { include: "#comments" },
    {
      begin: String.raw`:`,
      beginCaptures: { 0: { name: "punctuation.separator.type.tova" } },
      end: String.raw`(?=[,)=}\]])`,
      patterns: inc("#type-expression"),
    },
    {
      begin: String.raw`=(?![=>])`,
      beginCaptures: { 0: { name: "keyword.operator.assignment.tova" } },
      end: String.raw`(?=[,)}\]])`,
      patterns: inc("#brackets", "#code"),
    },
    { name: "variable.language.self.tova", match: B + "self" + E },
    { match: B + String.raw`(mut)\s+(?=self\b)`, captures: cap("storage.modifier.tova") },
    { name: "keyword.operator.spread.tova", match: String.raw`\.\.\.` },
    { include: "#types" },
    { include: "#wildcard" },
    { name: "variable.parameter.tova", match: NAME },
    { include: "#punctuation" },
    {
      begin: String.raw`\{`,
      end: String.raw`\}`,
      beginCaptures: { 0: { name: PB } },
      endCaptures: { 0: { name: PE } },
      patterns: inc("#parameters"),
    },
  ],
};
repo["type-expression"] = {
  patterns: [
    { include: "#comments" },
    {
      begin: String.raw`\(`,
      end: String.raw`\)`,
      beginCaptures: { 0: { name: "punctuation.section.parens.begin.tova" } },
      endCaptures: { 0: { name: "punctuation.section.parens.end.tova" } },
      patterns: inc("#type-expression"),
    },
    {
      begin: String.raw`\[`,
      end: String.raw`\]`,
      beginCaptures: { 0: { name: "punctuation.section.brackets.begin.tova" } },
      endCaptures: { 0: { name: "punctuation.section.brackets.end.tova" } },
      patterns: inc("#type-expression"),
    },
    {
      begin: String.raw`\{`,
      end: String.raw`\}`,
      beginCaptures: { 0: { name: PB } },
      endCaptures: { 0: { name: PE } },
      patterns: inc("#type-expression"),
    },
    { include: "#keys" },
    { name: "storage.type.function.tova", match: String.raw`\bfn\b` },
    { include: "#types" },
    { include: "#wildcard" },
    { include: "#operators" },
    { include: "#punctuation" },
  ],
};
repo["brackets"] = {
  patterns: [
    {
      begin: String.raw`\(`,
      end: String.raw`\)`,
      beginCaptures: { 0: { name: "punctuation.section.parens.begin.tova" } },
      endCaptures: { 0: { name: "punctuation.section.parens.end.tova" } },
      patterns: inc("#brackets", "#code"),
    },
    {
      begin: String.raw`\[`,
      end: String.raw`\]`,
      beginCaptures: { 0: { name: "punctuation.section.brackets.begin.tova" } },
      endCaptures: { 0: { name: "punctuation.section.brackets.end.tova" } },
      patterns: inc("#brackets", "#code"),
    },
  ],
};

// Style sheets
repo["style-sheet"] = {
  begin: START + String.raw`(style|css)\s*(\{)`,
  beginCaptures: cap("storage.type.style.tova", PB),
  end: String.raw`\}`,
  endCaptures: { 0: { name: PE } },
  contentName: "meta.embedded.block.css",
  patterns: inc("#css"),
};
repo["css"] = {
  patterns: [
    { name: "comment.block.css", begin: String.raw`/\*`, end: String.raw`\*/` },
    { include: "source.css" },
    {
      begin: String.raw`\{`,
      end: String.raw`\}`,
      beginCaptures: { 0: { name: "punctuation.section.property-list.begin.css" } },
      endCaptures: { 0: { name: "punctuation.section.property-list.end.css" } },
      patterns: inc("#css"),
    },
    { name: "string.quoted.css", match: String.raw`\"[^\"\n]*\"|'[^'\n]*'` },
  ],
};

// SQL
repo["sql-call"] = {
  begin: B + String.raw`(db)\s*(\??\.)\s*(query|get|run|execute|exec)\s*(\()`,
  beginCaptures: cap(
    "variable.other.object.tova",
    "punctuation.accessor.tova",
    "entity.name.function.member.tova",
    "punctuation.section.parens.begin.tova",
  ),
  end: String.raw`(?<=[\"'])(?!\G)|(?=(?![fr]?[\"'])\S)`,
  patterns: inc("#sql-strings"),
};
function sqlString(begin, end, kind, parts) {
  return {
    name: "meta.sql.tova",
    begin,
    end,
    beginCaptures: { 0: { name: `string.quoted.${kind}.tova ${SB}` } },
    endCaptures: { 0: { name: `string.quoted.${kind}.tova ${SE}` } },
    contentName: "meta.embedded.inline.sql",
    patterns: inc(...parts),
  };
}
repo["sql-strings"] = {
  patterns: [
    sqlString(`f?"""`, `"""`, "triple", ["#escapes", "#interpolation", "#sql"]),
    sqlString(`r"`, `"`, "double", ["#sql"]),
    sqlString(`f?"`, `"`, "double", ["#escapes", "#interpolation", "#sql"]),
    sqlString("'", "'", "single", ["#escapes", "#sql-words"]),
  ],
};
repo["sql"] = { patterns: [{ name: "string.quoted.single.sql", match: String.raw`'[^'\n\"]*'` }, { include: "#sql-words" }] };
const SQL =
  "all alter and any as asc begin between by case cast check collate column commit conflict constraint create cross default delete desc distinct do drop else end except exclude exists explain for foreign from full group having if ignore ilike in index inner insert intersect into is join key left like limit natural not nothing null of offset on or order outer over partition primary recursive references replace returning right rollback row rows select set table then to transaction trigger union unique update using values view when where window with without"
    .split(" ")
    .join("|");
repo["sql-words"] = {
  patterns: [
    { name: "comment.line.double-dash.sql", match: String.raw`--[^\n\"]*` },
    {
      name: "support.type.sql",
      match: String.raw`(?i)\b(?:integer|int|bigint|real|double|text|varchar|blob|boolean|timestamp|date|numeric|json|jsonb)\b`,
    },
    {
      name: "support.function.sql",
      match: String.raw`(?i)\b(?:abs|avg|coalesce|count|date|datetime|group_concat|ifnull|json_extract|length|lower|max|min|now|nullif|random|round|string_agg|substr|sum|total|trim|upper)(?=\s*\()`,
    },
    { name: "keyword.other.sql", match: String.raw`(?i)\b(?:` + SQL + String.raw`)\b` },
    { name: "constant.numeric.sql", match: String.raw`\b\d+(?:\.\d+)?\b` },
    { name: "variable.parameter.sql", match: String.raw`\?\d*|[:$@][\p{L}\p{N}_]+` },
    { name: "keyword.operator.sql", match: String.raw`<>|<=|>=|!=|\|\||[-=<>+*/%]` },
  ],
};

// Strings
repo["strings"] = {
  patterns: [
    {
      name: "string.quoted.double.raw.tova",
      begin: B + String.raw`r\"`,
      end: String.raw`\"`,
      beginCaptures: { 0: { name: SB } },
      endCaptures: { 0: { name: SE } },
    },
    {
      name: "string.quoted.triple.tova",
      begin: String.raw`(?:` + B + String.raw`f)?\"\"\"`,
      end: String.raw`\"\"\"`,
      beginCaptures: { 0: { name: SB } },
      endCaptures: { 0: { name: SE } },
      patterns: inc("#escapes", "#interpolation"),
    },
    {
      name: "string.quoted.double.tova",
      begin: String.raw`(?:` + B + String.raw`f)?\"`,
      end: String.raw`\"`,
      beginCaptures: { 0: { name: SB } },
      endCaptures: { 0: { name: SE } },
      patterns: inc("#escapes", "#interpolation"),
    },
    {
      name: "string.quoted.single.tova",
      begin: String.raw`'`,
      end: String.raw`'`,
      beginCaptures: { 0: { name: SB } },
      endCaptures: { 0: { name: SE } },
      patterns: inc("#escapes"),
    },
  ],
};
repo["escapes"] = { name: "constant.character.escape.tova", match: String.raw`\\[ntr\\\"'{}]` };
repo["interpolation"] = {
  name: "meta.template.expression.tova",
  contentName: "meta.embedded.line.tova",
  begin: String.raw`\{`,
  end: String.raw`\}`,
  beginCaptures: { 0: { name: TB } },
  endCaptures: { 0: { name: TE } },
  patterns: inc("#code"),
};
repo["regular-expressions"] = {
  match: String.raw`(?:^|(?<=[=(,\[{:|&!?>;])|(?<=return|and|or|not|in))\s*((/)(?![/*\s=])((?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\[\n])+)(/)([a-z]*))`,
  captures: cap(
    "string.regexp.tova",
    "punctuation.definition.regexp.begin.tova",
    null,
    "punctuation.definition.regexp.end.tova",
    "keyword.other.regexp.tova",
  ),
};

// Words
repo["attributes"] = {
  match: String.raw`(@)(` + NAME + ")",
  captures: cap("punctuation.definition.attribute.tova", "entity.name.function.attribute.tova"),
};
repo["labels"] = {
  patterns: [
    {
      match: START + "(" + NAME + String.raw`)\s*(:)(?=\s*(?:for|while|loop)\b)`,
      captures: cap("entity.name.label.tova", "punctuation.separator.label.tova"),
    },
    { match: B + String.raw`(break|continue)[ \t]+(` + NAME + ")", captures: cap("keyword.control.tova", "entity.name.label.tova") },
  ],
};
repo["members"] = {
  patterns: [
    {
      match: String.raw`(\?\.|(?<!\.)\.(?!\.))\s*(` + NAME + String.raw`)(?=\()`,
      captures: cap("punctuation.accessor.tova", "entity.name.function.member.tova"),
    },
    {
      match: String.raw`(\?\.|(?<!\.)\.(?!\.))\s*(` + UPPER + String.raw`)`,
      captures: cap("punctuation.accessor.tova", "entity.name.type.tova"),
    },
    {
      match: String.raw`(\?\.|(?<!\.)\.(?!\.))\s*(` + NAME + String.raw`)`,
      captures: cap("punctuation.accessor.tova", "variable.other.property.tova"),
    },
    { match: String.raw`(\?\.|(?<!\.)\.(?!\.))(?=\s|$)`, name: "punctuation.accessor.tova" },
  ],
};
repo["keys"] = {
  match: B + "(" + NAME + String.raw`)\s*(:)(?=\s|$)`,
  captures: cap("variable.other.property.tova", "punctuation.separator.key-value.tova"),
};
repo["contextual-words"] = {
  patterns: [
    { name: "keyword.control.from.tova", match: B + String.raw`from(?=\s*[\"'])` },
    { name: "keyword.control.as.tova", match: B + String.raw`as(?=\s+[\p{L}_$])` },
    { name: "keyword.control.throw.tova", match: B + String.raw`throw(?=[ \t]+[\p{L}_$\"'{])` },
    {
      match: String.raw`(?<=[\p{L}\p{N}_$)\]}\"'])\s+(when)` + E + String.raw`(?=\s+[\p{L}\p{N}_$(\"'\[!-])`,
      captures: cap("keyword.control.when.tova"),
    },
    { name: "keyword.other.with.tova", match: B + String.raw`with(?=[ \t]+[\p{L}_$])` },
    { name: "keyword.other.fallback.tova", match: B + String.raw`fallback(?=[ \t]+\")` },
    { name: "variable.language.self.tova", match: B + "(?:self|it)" + E },
  ],
};
repo["keywords"] = {
  patterns: [
    {
      name: "keyword.control.tova",
      match: B + "(?:if|elif|else|for|while|loop|match|return|break|continue|try|catch|finally|guard|defer|await|import)" + E,
    },
    { name: "keyword.operator.word.tova", match: B + "(?:and|or|not|in|is)" + E },
    { name: "storage.modifier.tova", match: B + "(?:let|mut|var|pub|export|async)" + E },
    { name: "storage.type.function.tova", match: B + "(?:fn)" + E },
  ],
};
repo["constants"] = {
  patterns: [
    { name: "constant.language.boolean.tova", match: B + "(?:true|false)" + E },
    { name: "constant.language.nil.tova", match: B + "(?:nil)" + E },
  ],
};
const UNITS = "ms|milliseconds?|seconds?|minutes?|hours?|days?|weeks?|bytes?|kb|kilobytes?|mb|megabytes?|gb|gigabytes?";
const NB = String.raw`(?<![\p{L}\p{N}_$])`;
repo["numbers"] = {
  patterns: [
    {
      match: NB + String.raw`([0-9][0-9_]*(?:\.[0-9][0-9_]*)?)(\.)(` + UNITS + ")" + E,
      captures: cap("constant.numeric.tova", "punctuation.accessor.tova", "keyword.other.unit.tova"),
    },
    { name: "constant.numeric.hex.tova", match: NB + String.raw`0[xX][0-9a-fA-F_]*[0-9a-fA-F][0-9a-fA-F_]*` + E },
    { name: "constant.numeric.binary.tova", match: NB + String.raw`0[bB][01_]*[01][01_]*` + E },
    { name: "constant.numeric.octal.tova", match: NB + String.raw`0[oO][0-7_]*[0-7][0-7_]*` + E },
    {
      name: "constant.numeric.float.tova",
      match: NB + String.raw`[0-9][0-9_]*(?:\.[0-9][0-9_]*(?:[eE][+-]?[0-9][0-9_]*)?|[eE][+-]?[0-9][0-9_]*)` + E,
    },
    { name: "constant.numeric.integer.tova", match: NB + String.raw`[0-9][0-9_]*` + E },
    { name: "invalid.illegal.number.tova", match: NB + String.raw`[0-9][\p{L}\p{N}_]*` },
  ],
};
repo["types"] = {
  patterns: [
    {
      begin: B + "(?:(" + "Map|Set|Result|Option|List" + ")|(" + UPPER + "))(<)(?=[\\p{L}\\[({_])",
      beginCaptures: cap("support.type.tova", "entity.name.type.tova", "punctuation.definition.typeparameters.begin.tova"),
      end: String.raw`(>)|$`,
      endCaptures: cap("punctuation.definition.typeparameters.end.tova"),
      patterns: inc("#type-expression"),
    },
    { name: "support.type.tova", match: B + "(?:Int|Float|String|Bool|Any|Nil|Map|Set|Result|Option|List|Duration|Bytes|Self)" + E },
    { name: "variable.other.constant.tova", match: B + String.raw`\p{Lu}[\p{Lu}\p{N}_]+` + E },
    { name: "entity.name.type.tova", match: B + UPPER },
  ],
};
repo["wildcard"] = { name: "variable.language.wildcard.tova", match: String.raw`(?<![\p{L}\p{N}_$])_` + E };
repo["names"] = {
  patterns: [
    { include: "#wildcard" },
    { match: B + "(" + NAME + String.raw`)(?=\s*(?:=>|->))`, captures: cap("variable.parameter.tova") },
    { match: B + "(" + NAME + String.raw`)(?=\()`, captures: cap("entity.name.function.tova") },
    { match: NAME, name: "variable.other.tova" },
  ],
};
repo["operators"] = {
  patterns: [
    { name: "keyword.operator.pipe.tova", match: String.raw`\|>` },
    { name: "storage.type.function.arrow.tova", match: String.raw`=>|->` },
    { name: "keyword.operator.spread.tova", match: String.raw`\.\.\.` },
    { name: "keyword.operator.range.tova", match: String.raw`\.\.=?` },
    { name: "keyword.operator.coalesce.tova", match: String.raw`\?\?` },
    { name: "keyword.operator.propagate.tova", match: String.raw`\?` },
    { name: "keyword.operator.assignment.compound.tova", match: String.raw`(?:<<|[-+*/%&|^])=(?!=)` },
    { name: "keyword.operator.comparison.tova", match: String.raw`===|!==|==|!=|<=|>=|<(?!<)|(?<!>)>(?!>)` },
    { name: "keyword.operator.assignment.tova", match: String.raw`=` },
    { name: "keyword.operator.logical.tova", match: String.raw`&&|\|\||!` },
    { name: "keyword.operator.concat.tova", match: String.raw`\+\+` },
    { name: "keyword.operator.arithmetic.tova", match: String.raw`\*\*|[-+*/%]` },
    { name: "keyword.operator.bitwise.tova", match: String.raw`<<|>>>|>>|[&|^~]` },
  ],
};
repo["punctuation"] = {
  patterns: [
    { name: "punctuation.separator.tova", match: String.raw`::|[,;:]` },
    { name: "punctuation.section.parens.tova", match: String.raw`[()]` },
    { name: "punctuation.section.brackets.tova", match: String.raw`[\[\]]` },
  ],
};

// JSX
const TAG = String.raw`[\p{L}_$][\p{L}\p{N}_$.:-]*`;
const TAG_NAME = {
  patterns: [
    { name: "support.class.component.tova", match: String.raw`\p{Lu}.*` },
    { name: "entity.name.tag.tova", match: String.raw`.+` },
  ],
};
repo["jsx"] = {
  comment: "A tag after something that has no value; `a <b` compares.",
  begin: String.raw`(?:(?<![\p{L}\p{N}_$)\]])(?<![\p{L}\p{N}_$)\]] )|(?<=return |throw |else |and |or |not |in ))(?=<[\p{L}_$>])`,
  end: String.raw`(?<=>)(?!\G)`,
  patterns: inc("#jsx-element"),
};
repo["jsx-element"] = {
  patterns: [
    {
      name: "meta.tag.tova",
      begin: String.raw`(<)(area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr)(?![\p{L}\p{N}_$.:-])`,
      beginCaptures: cap("punctuation.definition.tag.begin.tova", "entity.name.tag.tova"),
      end: String.raw`/?>`,
      endCaptures: { 0: { name: "punctuation.definition.tag.end.tova" } },
      patterns: inc("#jsx-attributes"),
    },
    {
      name: "meta.tag.tova",
      begin: String.raw`(<)(` + TAG + String.raw`)?(?=[\s/>{]|$)`,
      beginCaptures: { 1: { name: "punctuation.definition.tag.begin.tova" }, 2: TAG_NAME },
      end: String.raw`(/>)|(</)\s*(` + TAG + String.raw`)?\s*(>)`,
      endCaptures: {
        1: { name: "punctuation.definition.tag.end.tova" },
        2: { name: "punctuation.definition.tag.begin.tova" },
        3: TAG_NAME,
        4: { name: "punctuation.definition.tag.end.tova" },
      },
      patterns: [
        {
          begin: String.raw`>`,
          beginCaptures: { 0: { name: "punctuation.definition.tag.end.tova" } },
          end: String.raw`(?=</)`,
          contentName: "meta.jsx.children.tova",
          patterns: inc("#jsx-children"),
        },
        ...inc("#jsx-attributes"),
      ],
    },
  ],
};
repo["jsx-attributes"] = {
  patterns: [
    { include: "#comments" },
    { include: "#jsx-expression" },
    {
      match: String.raw`(class)(:)((?:[\p{L}\p{N}_$@:.\[\]%#!-]|/(?!>))+)`,
      captures: cap("keyword.other.directive.tova", "punctuation.separator.namespace.tova", "entity.other.attribute-name.tova"),
    },
    {
      match: String.raw`([\p{L}_$][\p{L}\p{N}_$-]*)(:)([\p{L}\p{N}_$@-]+)((?:\.[\p{L}\p{N}_$@-]+)*)`,
      captures: cap(
        "keyword.other.directive.tova",
        "punctuation.separator.namespace.tova",
        "entity.other.attribute-name.tova",
        "storage.modifier.event.tova",
      ),
    },
    { name: "entity.other.attribute-name.tova", match: String.raw`[\p{L}_$@][\p{L}\p{N}_$@-]*` },
    { name: "keyword.operator.spread.tova", match: String.raw`\.\.\.` },
    { name: "keyword.operator.assignment.tova", match: String.raw`=` },
    { include: "#strings" },
  ],
};
repo["jsx-expression"] = {
  patterns: [
    {
      name: "meta.embedded.expression.tova",
      begin: String.raw`(\{)(?=\s*for\b)`,
      end: String.raw`\}`,
      beginCaptures: cap(XB),
      endCaptures: { 0: { name: XE } },
      patterns: inc("#jsx-flow-parts"),
    },
    {
      name: "meta.embedded.expression.tova",
      begin: String.raw`\{`,
      end: String.raw`\}`,
      beginCaptures: { 0: { name: XB } },
      endCaptures: { 0: { name: XE } },
      patterns: inc("#code"),
    },
  ],
};
repo["jsx-children"] = {
  patterns: [
    { match: String.raw`(?:^|(?<=[>}]))\s*(//.*)$`, captures: cap("comment.line.double-slash.tova") },
    { name: "comment.block.tova", begin: String.raw`(?:^|(?<=[>}]))\s*/\*`, end: String.raw`\*/`, patterns: inc("#block-comment") },
    { include: "#jsx-flow" },
    { include: "#jsx-match" },
    { include: "#jsx-element" },
    { include: "#jsx-expression" },
    { include: "#jsx-strings" },
    { name: "constant.character.entity.tova", match: String.raw`&(?:[A-Za-z][A-Za-z0-9]*|#[0-9]+|#[xX][0-9a-fA-F]+);` },
  ],
};
repo["jsx-strings"] = {
  patterns: [
    {
      name: "string.quoted.triple.tova",
      begin: String.raw`(?<![^\s>}])\"\"\"`,
      end: String.raw`\"\"\"`,
      beginCaptures: { 0: { name: SB } },
      endCaptures: { 0: { name: SE } },
      patterns: inc("#escapes", "#interpolation"),
    },
    {
      name: "string.quoted.double.tova",
      begin: String.raw`(?<![^\s>}])\"`,
      end: String.raw`\"`,
      beginCaptures: { 0: { name: SB } },
      endCaptures: { 0: { name: SE } },
      patterns: inc("#escapes", "#interpolation"),
    },
    {
      begin: String.raw`(?:^|(?<=[>}]))\s*(')(?=[^'\n]*')`,
      end: String.raw`'`,
      beginCaptures: { 1: { name: "string.quoted.single.tova " + SB } },
      endCaptures: { 0: { name: "string.quoted.single.tova " + SE } },
      contentName: "string.quoted.single.tova",
      patterns: inc("#escapes"),
    },
  ],
};
const OPEN = String.raw`[^\n]*\{(?=[\s<\"]|$)`;
repo["jsx-flow"] = {
  comment: "Control flow whose braces hold children, where code would be shown as text.",
  begin: String.raw`(?:^|(?<=[>}]))\s*(?=(?:(?:if|elif|else\s+if)\s+\S` + OPEN + String.raw`|else\s*\{|for\s+[^\n]*\sin\s` + OPEN + "))",
  end: String.raw`(?<=\})(?!\G)`,
  patterns: inc("#jsx-flow-parts"),
};
repo["jsx-flow-parts"] = {
  patterns: [
    {
      begin: String.raw`\b(else)\s+(if)\b|\b(if|elif|else|for)\b(?:\s*(\{[^}\n]*\})(?=\s*in\b))?`,
      beginCaptures: {
        1: { name: "keyword.control.tova" },
        2: { name: "keyword.control.tova" },
        3: { name: "keyword.control.tova" },
        4: { patterns: inc("#code") },
      },
      end: String.raw`(?=\{)`,
      patterns: [
        {
          begin: String.raw`\b(key)\s*(=)\s*(\{)`,
          beginCaptures: cap("keyword.other.key.tova", "keyword.operator.assignment.tova", XB),
          end: String.raw`\}`,
          endCaptures: { 0: { name: XE } },
          patterns: inc("#code"),
        },
        { include: "#code" },
      ],
    },
    {
      begin: String.raw`\{`,
      end: String.raw`\}`,
      beginCaptures: { 0: { name: PB } },
      endCaptures: { 0: { name: PE } },
      contentName: "meta.jsx.children.tova",
      patterns: inc("#jsx-children"),
    },
  ],
};
repo["jsx-match"] = {
  begin: String.raw`(?:^|(?<=[>}]))\s*(?=match\s+\S` + OPEN + ")",
  end: String.raw`(?<=\})(?!\G)`,
  patterns: [
    {
      begin: String.raw`\bmatch\b`,
      beginCaptures: { 0: { name: "keyword.control.tova" } },
      end: String.raw`(?=\{)`,
      patterns: inc("#code"),
    },
    {
      begin: String.raw`\{`,
      end: String.raw`\}`,
      beginCaptures: { 0: { name: PB } },
      endCaptures: { 0: { name: PE } },
      patterns: [
        {
          begin: String.raw`(=>)\s*(\{)`,
          beginCaptures: cap("storage.type.function.arrow.tova", PB),
          end: String.raw`\}`,
          endCaptures: { 0: { name: PE } },
          contentName: "meta.jsx.children.tova",
          patterns: inc("#jsx-children"),
        },
        { include: "#code" },
      ],
    },
  ],
};
/** The grammar as VS Code reads it. */
export const grammar = {
  $schema: "https://raw.githubusercontent.com/martinring/tmlanguage/master/tmlanguage.json",
  name: "Tova",
  scopeName: "source.tova",
  fileTypes: ["tova"],
  patterns: inc("#shebang", "#code", "#stray-brace"),
  repository: repo,
};
