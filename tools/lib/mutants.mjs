/**
 * Faults made by rule: small changes of a loss's formula, each of which some test must notice. Reads TypeScript by its own
 * parser and types; the same sources give the same faults in the same order.
 */
import ts from "typescript";

/**
 * @typedef {object} Mutant
 * @property {string} rule what is done to the formula
 * @property {string} file absolute
 * @property {number} line
 * @property {number} start of the text that is replaced
 * @property {number} end
 * @property {string} before what stood there
 * @property {string} after
 */

/** Parts of a definition that are no formula: explanations, oracles, claims. */
const notFormula = new Set([
  "textbook",
  "examples",
  "traits",
  "kinks",
  "references",
  "compat",
  "aliases",
  "means",
  "summary",
  "formula",
  "checkParams",
  "checkTargets",
]);

/** The graph's functions, for what a file does not import itself. */
const graph = "graphOfFaults";

/**
 * Every fault of some files.
 * @param {readonly string[]} files absolute
 * @returns {Map<string, Mutant[]>} by file
 */
export function mutantsOf(files) {
  const program = ts.createProgram([...files], {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    allowImportingTsExtensions: true,
  });
  const checker = program.getTypeChecker();
  return new Map(
    files.map((file) => {
      const source = program.getSourceFile(file);
      return [file, source === undefined ? [] : mutantsIn(source, checker)];
    }),
  );
}

/**
 * The source with a fault in it, and what the fault needs imported.
 * @param {string} source
 * @param {Mutant} mutant
 * @param {string} toGraph the module of graph functions, as seen from the file
 */
export function plantMutant(source, { start, end, after }, toGraph) {
  const changed = source.slice(0, start) + after + source.slice(end);
  return after.includes(`${graph}.`) ? `${changed}\nimport * as ${graph} from "${toGraph}";\n` : changed;
}

/** @param {ts.SourceFile} source @param {ts.TypeChecker} checker @returns {Mutant[]} */
function mutantsIn(source, checker) {
  /** @type {Mutant[]} */
  const found = [];
  const isSharp = /\bkinks:/.test(source.text);
  /** @param {ts.Node} node */
  const text = (node) => node.getText(source);
  /** @param {ts.Node} node */
  const isNode = (node) => /^Node\b/.test(checker.typeToString(checker.getTypeAtLocation(node)));
  /** @param {ts.Node} node @param {string} rule @param {string} after */
  const add = (node, rule, after) => {
    const start = node.getStart(source);
    const { line } = source.getLineAndCharacterOfPosition(start);
    const before = text(node);
    if (after !== before)
      found.push({ rule, file: source.fileName, line: line + 1, start, end: node.end, before, after });
  };

  /** @param {ts.Node} node */
  const visit = (node) => {
    if (ts.isImportDeclaration(node) || ts.isTypeNode(node)) return;
    const named =
      ts.isPropertyAssignment(node) || ts.isMethodDeclaration(node) || ts.isShorthandPropertyAssignment(node);
    if (named && notFormula.has(text(node.name))) return;
    // Oracles in textbook form, by the convention of their names.
    if (ts.isFunctionDeclaration(node) && /^(naive|plain)[A-Z]/.test(node.name?.text ?? "")) return;
    if (ts.isVariableDeclaration(node) && /^(naive|plain)[A-Z]/.test(text(node.name))) return;
    if (ts.isCallExpression(node)) call(node);
    if (ts.isBinaryExpression(node)) comparison(node);
    ts.forEachChild(node, visit);
  };

  /** @param {ts.CallExpression} node */
  function call(node) {
    if (!ts.isIdentifier(node.expression)) return;
    const name = node.expression.text;
    const args = node.arguments.map(text);
    const nodes = node.arguments.map(isNode);
    const [a = "", b = "", c = ""] = args;
    const kept = nodes[0] ? a : nodes[1] ? b : undefined;
    if (name === "mul" && kept !== undefined) add(node, "drop a factor", kept);
    if (name === "div" && nodes[0]) add(node, "drop a divisor", a);
    if (name === "div" && nodes[1]) add(node, "swap arguments", `div(${b}, ${a})`);
    if (name === "add" && kept !== undefined) add(node, "drop a term", kept);
    if (name === "add") add(node, "flip a sign", `${graph}.sub(${a}, ${b})`);
    if (name === "sub" && nodes[0] && a !== "yPred") add(node, "drop a term", a);
    if (name === "sub") add(node, "flip a sign", `${graph}.add(${a}, ${b})`);
    if (name === "neg") add(node, "flip a sign", a);
    if (name === "sum" && args.length > 1) add(node, "wrong divisor", `${graph}.mean(${args.join(", ")})`);
    if (name === "mean" && args.length > 1) add(node, "wrong divisor", `${graph}.sum(${args.join(", ")})`);
    if (name === "square") add(node, "wrong power", `${graph}.abs(${a})`);
    if (name === "log1p" || name === "expm1" || name === "logSoftmax") add(node, "lose the tail", a);
    if (name === "softplus") add(node, "lose the tail", `${graph}.maximum(${a}, 0)`);
    if (name === "logSigmoid") add(node, "lose the tail", `${graph}.minimum(${a}, 0)`);
    if (name === "weighted") add(node, "0 times infinity", `${graph}.mul(${a}, ${b})`);
    if (name === "xlogy") add(node, "0 times infinity", `${graph}.mul(${a}, ${graph}.log(${b}))`);
    if (name === "xlog1py") add(node, "0 times infinity", `${graph}.mul(${a}, ${graph}.log1p(${b}))`);
    if (name === "where" && c !== "") add(node, "swap arguments", `where(${a}, ${c}, ${b})`);
    if (name === "maximum") add(node, "wrong extreme", `${graph}.minimum(${a}, ${b})`);
    if (name === "minimum") add(node, "wrong extreme", `${graph}.maximum(${a}, ${b})`);
    if (name === "max" && args.length > 0 && nodes[0])
      add(node, "wrong extreme", `${graph}.neg(max(${graph}.neg(${a})))`);
    if (isSharp && (name === "maximum" || name === "minimum")) add(node, "wrong rule at a tie", `${name}(${b}, ${a})`);
    if (isSharp && name === "less") add(node, "wrong rule at a tie", `${graph}.lessEqual(${a}, ${b})`);
    if (isSharp && name === "lessEqual") add(node, "wrong rule at a tie", `${graph}.less(${a}, ${b})`);
    if (name === "stopGradient") add(node, "let a gradient through", a);
    if (["add", "sub", "mul", "div"].includes(name)) node.arguments.forEach(constant);
    if (["positive", "nonNegative", "unit", "finite", "numberOrVector"].includes(name)) {
      const [first] = node.arguments;
      if (first !== undefined && ts.isNumericLiteral(first)) {
        add(first, "wrong default", Number(first.text) === 0 ? "0.125" : String(Number(first.text) / 2));
      }
    }
  }

  /** @param {ts.Expression} argument */
  function constant(argument) {
    if (!ts.isNumericLiteral(argument)) return;
    add(argument, "wrong constant", String(Number(argument.text) + 1));
  }

  /** Domains and ranges of parameters. @param {ts.BinaryExpression} node */
  function comparison(node) {
    /** @type {Partial<Record<ts.SyntaxKind, string>>} */
    const other = {
      [ts.SyntaxKind.LessThanToken]: "<=",
      [ts.SyntaxKind.LessThanEqualsToken]: "<",
      [ts.SyntaxKind.GreaterThanToken]: ">=",
      [ts.SyntaxKind.GreaterThanEqualsToken]: ">",
    };
    const operator = other[node.operatorToken.kind];
    // Loops count; what is compared with a word is no range.
    if (operator === undefined || ts.isForStatement(node.parent)) return;
    add(node, "wrong end of a range", `${text(node.left)} ${operator} ${text(node.right)}`);
  }

  visit(source);
  return found;
}

/**
 * Some of a file's faults, of as many rules as there are: one of each rule in turn.
 * @param {readonly Mutant[]} mutants
 * @param {number} most
 */
export function choose(mutants, most) {
  /** @type {Map<string, Mutant[]>} */
  const byRule = new Map();
  for (const mutant of mutants) byRule.set(mutant.rule, [...(byRule.get(mutant.rule) ?? []), mutant]);
  // Which rule comes first depends on the file, so that all get their turn over many files.
  const rules = [...byRule.keys()].sort();
  const from =
    rules.length === 0 ? 0 : [...(mutants[0]?.file ?? "")].reduce((sum, c) => sum + c.charCodeAt(0), 0) % rules.length;
  const turned = [...rules.slice(from), ...rules.slice(0, from)];
  /** @type {Mutant[]} */
  const chosen = [];
  for (let round = 0; chosen.length < most; round++) {
    const next = turned.flatMap((rule) => byRule.get(rule)?.[round] ?? []);
    if (next.length === 0) break;
    chosen.push(...next.slice(0, most - chosen.length));
  }
  return chosen;
}
