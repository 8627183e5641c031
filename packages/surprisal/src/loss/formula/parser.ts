/**
 * Reads a formula by recursive descent. From loose to tight: `c ? a : b`, `||`, `&&`, comparisons, `+ -`, `* /`, signs before an
 * operand, powers (to the right: `-x^2` is −(x²), `2^3^2` is 2⁹). Nothing that is read is ever run as code.
 */
import { formulaError } from "./errors.ts";
import { type Token, tokenise } from "./tokens.ts";
import type { CallTree, Formula, Span, Tree } from "./tree.ts";

/** The longest formula, in characters. */
export const longestFormula = 4000;
/** How deep a formula may be nested. */
export const deepestFormula = 100;

const comparisons = ["<", "<=", ">", ">=", "==", "!="];

/** @throws InvalidArgumentError with a caret under the place. */
export function parseFormula(text: string): Formula {
  if (text.length > longestFormula) {
    throw formulaError(
      "too-long",
      text,
      { start: longestFormula, end: longestFormula + 1 },
      {
        received: `a formula of ${text.length} characters was given`,
        expected: `${longestFormula} are the most`,
        hint: "Write it with defineLoss instead.",
      },
    );
  }
  return { text, tree: new Parser(text).whole() };
}

class Parser {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  #next = 0;
  #nesting = 0;
  readonly #depths = new Map<Tree, number>();

  constructor(text: string) {
    this.#text = text;
    this.#tokens = tokenise(text);
  }

  whole(): Tree {
    const tree = this.#expression();
    const rest = this.#peek();
    if (rest.kind !== "end") throw this.#leftOver(rest);
    return tree;
  }

  #peek(): Token {
    return this.#tokens[this.#next] as Token;
  }

  /** The next token, taken, if it is one of the signs. */
  #take(...wanted: readonly string[]): Token | undefined {
    const token = this.#peek();
    if (token.kind !== "sign" || !wanted.includes(token.text)) return undefined;
    this.#next++;
    return token;
  }

  #expect(sign: string, opened: Span): Token {
    const token = this.#take(sign);
    if (token !== undefined) return token;
    const found = this.#peek();
    // A name or number here is more likely a product without its sign than a parenthesis left open.
    if (found.kind === "name" || found.kind === "number") throw this.#leftOver(found);
    throw formulaError("not-closed", this.#text, found.kind === "end" ? opened : found, {
      received: `the formula ${found.kind === "end" ? "ends" : `has ${JSON.stringify(found.text)}`} where "${sign}" is missing`,
      expected: `"${this.#text.slice(opened.start, opened.end)}" opened something`,
      hint: `Add the "${sign}".`,
    });
  }

  #call(name: string, at: Span, args: readonly Tree[], span: Span): CallTree {
    const tree: CallTree = { kind: "call", name, at: { start: at.start, end: at.end }, args, ...span };
    const depth = 1 + Math.max(0, ...args.map((arg) => this.#depths.get(arg) ?? 0));
    if (depth > deepestFormula) throw this.#tooDeep(at);
    this.#depths.set(tree, depth);
    return tree;
  }

  #operate(operator: Token, left: Tree, right: Tree): Tree {
    return this.#call(operator.text, operator, [left, right], { start: left.start, end: right.end });
  }

  /** Counts how deep the reading itself is, which parentheses alone can make deep. */
  #nested<T>(read: () => T): T {
    if (++this.#nesting > deepestFormula) throw this.#tooDeep(this.#peek());
    const result = read();
    this.#nesting--;
    return result;
  }

  #expression(): Tree {
    return this.#nested(() => {
      const condition = this.#leftToRight(["||"], () => this.#leftToRight(["&&"], () => this.#comparison()));
      const question = this.#take("?");
      if (question === undefined) return condition;
      const yes = this.#expression();
      this.#expect(":", question);
      const no = this.#expression();
      return this.#call("where", question, [condition, yes, no], { start: condition.start, end: no.end });
    });
  }

  #leftToRight(operators: readonly string[], operand: () => Tree): Tree {
    let tree = operand();
    for (let sign = this.#take(...operators); sign !== undefined; sign = this.#take(...operators)) {
      tree = this.#operate(sign, tree, operand());
    }
    return tree;
  }

  #comparison(): Tree {
    const left = this.#sum();
    const sign = this.#take(...comparisons);
    if (sign === undefined) return left;
    const tree = this.#operate(sign, left, this.#sum());
    const second = this.#take(...comparisons);
    if (second === undefined) return tree;
    throw formulaError("chained", this.#text, second, {
      received: `a second comparison "${second.text}" follows the first`,
      expected: "a comparison has two sides",
      hint: "Write a < x && x < b.",
    });
  }

  #sum(): Tree {
    return this.#leftToRight(["+", "-"], () => this.#leftToRight(["*", "/"], () => this.#signed()));
  }

  #signed(): Tree {
    const sign = this.#take("-", "+", "!");
    if (sign === undefined) return this.#power();
    const operand = this.#nested(() => this.#signed());
    if (sign.text === "+") return operand;
    const name = sign.text === "-" ? "neg" : "!";
    return this.#call(name, sign, [operand], { start: sign.start, end: operand.end });
  }

  #power(): Tree {
    const base = this.#primary();
    const sign = this.#take("^", "**");
    return sign === undefined
      ? base
      : this.#operate(
          sign,
          base,
          this.#nested(() => this.#signed()),
        );
  }

  #primary(): Tree {
    const token = this.#peek();
    const open = this.#take("(");
    if (open !== undefined) {
      const inner = this.#expression();
      const close = this.#expect(")", open);
      // The parentheses belong to the place, so that what is shown of it reads well.
      const tree = { ...inner, start: open.start, end: close.end };
      this.#depths.set(tree, this.#depths.get(inner) ?? 0);
      return tree;
    }
    if (token.kind === "number") {
      this.#next++;
      return { kind: "number", value: Number(token.text), start: token.start, end: token.end };
    }
    if (token.kind === "name") {
      this.#next++;
      const parenthesis = this.#take("(");
      if (parenthesis === undefined) return { kind: "name", name: token.text, start: token.start, end: token.end };
      const args: Tree[] = [];
      if (this.#peek().text !== ")") {
        do args.push(this.#expression());
        while (this.#take(",") !== undefined);
      }
      const close = this.#expect(")", { start: token.start, end: parenthesis.end });
      return this.#call(token.text, token, args, { start: token.start, end: close.end });
    }
    const end = token.kind === "end";
    throw formulaError("operand", this.#text, token, {
      received: end ? "the formula ends here" : `the formula has ${JSON.stringify(token.text)} here`,
      expected: "a number, a name or a parenthesis is needed",
      hint: end && this.#next === 0 ? "Write one, such as (y - p)^2." : "Complete what stands before it.",
    });
  }

  #leftOver(token: Token) {
    const close = token.text === ")";
    return formulaError("operator", this.#text, token, {
      received: `the formula goes on with ${JSON.stringify(token.text)}`,
      expected: close ? "no parenthesis is open" : "an operator is needed first",
      hint: close
        ? "Drop it, or open one."
        : token.kind === "sign"
          ? "Check what stands before it."
          : "Products are written with *.",
    });
  }

  #tooDeep(span: Span) {
    return formulaError("too-deep", this.#text, span, {
      received: `the formula is nested more than ${deepestFormula} deep`,
      expected: `${deepestFormula} is the most`,
      hint: "Write it with defineLoss instead.",
    });
  }
}
