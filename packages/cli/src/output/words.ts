/** Numbers and lists as people read them. */

/** Four significant digits: `0.0312`, `12.35`, `1.234e-7`. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (value !== 0 && (Math.abs(value) < 1e-4 || Math.abs(value) >= 1e6)) return value.toExponential(3);
  const digits = value === 0 ? 4 : Math.min(4, Math.max(0, 3 - Math.floor(Math.log10(Math.abs(value)))));
  return value.toFixed(digits);
}

export function percent(share: number): string {
  return `${Number((share * 100).toFixed(1))} %`;
}

/** `1 row`, `2 rows` */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}

/** The first few, and how many more. */
export function few(items: readonly string[], most = 6, glue = ", "): string {
  return items.length <= most
    ? items.join(glue)
    : `${items.slice(0, most).join(glue)}${glue}and ${items.length - most} more`;
}

/** Lines of at most so many characters, broken between words; a longer word stays whole. */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
