/** A formula's text cut into numbers, names and signs. */
import { formulaError } from "./errors.ts";
import type { Span } from "./tree.ts";

export interface Token extends Span {
  readonly kind: "number" | "name" | "sign" | "end";
  /** Signs in their plain spelling. */
  readonly text: string;
}

/** Longer ones first, so that `**` is not read as two products. */
const signs = ["**", "<=", ">=", "==", "!=", "&&", "||", ..."+-*/^()<>,?:!"] as const;
/** Signs as typeset, and what they mean here. */
const spellings: Readonly<Record<string, string>> = {
  "−": "-",
  "·": "*",
  "×": "*",
  "÷": "/",
  "≤": "<=",
  "≥": ">=",
  "≠": "!=",
};
const number = /(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y;
const name = /[A-Za-z_][A-Za-z0-9_]*/y;

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

/** @throws InvalidArgumentError at a character that means nothing. */
export function tokenise(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const character = text.charAt(at);
    if (/\s/.test(character)) {
      at++;
      continue;
    }
    const digits = matchAt(number, text, at);
    const word = matchAt(name, text, at);
    const typeset = Object.hasOwn(spellings, character) ? spellings[character] : undefined;
    const sign = typeset ?? signs.find((known) => text.startsWith(known, at));
    const read = digits ?? word ?? (typeset === undefined ? sign : character);
    if (read === undefined) throw unexpected(text, at, character);
    const kind = digits !== undefined ? "number" : word !== undefined ? "name" : "sign";
    tokens.push({ kind, text: kind === "sign" ? (sign as string) : read, start: at, end: at + read.length });
    at += read.length;
  }
  tokens.push({ kind: "end", text: "", start: text.length, end: text.length });
  return tokens;
}

function unexpected(text: string, at: number, character: string) {
  const equals = character === "=";
  return formulaError(
    "character",
    text,
    { start: at, end: at + 1 },
    {
      received: `the formula holds ${JSON.stringify(character)}`,
      expected: "formulas are made of numbers, names, parentheses and + - * / ^ < <= > >= == != && || ! ? :",
      hint: equals
        ? "Compare with ==, and write the right side of L = … only."
        : "Spell it with these, or by a function.",
    },
  );
}
