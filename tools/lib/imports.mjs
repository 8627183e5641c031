/** What a TypeScript file imports. */
import { readFileSync } from "node:fs";
import ts from "typescript";

/**
 * Static, type-only, re-exporting and dynamic imports, and `import("…")` types. `specifier` is undefined for a dynamic
 * import whose name is not written as text.
 * @param {string} file
 * @returns {{ specifier: string | undefined, line: number }[]}
 */
export function importsOf(file) {
  const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true);
  /** @type {{ specifier: string | undefined, line: number }[]} */
  const found = [];
  /** @param {ts.Node | undefined} name */
  const add = (name) => {
    if (name === undefined) return;
    const line = source.getLineAndCharacterOfPosition(name.getStart(source)).line + 1;
    found.push({ specifier: ts.isStringLiteralLike(name) ? name.text : undefined, line });
  };
  /** @param {ts.Node} node */
  const visit = (node) => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) add(node.moduleSpecifier);
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) add(node.arguments[0]);
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}
