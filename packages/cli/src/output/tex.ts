/** A TeX formula as text that a terminal can show: `\tfrac12 (\hat y - y)^2` is `½ (ŷ − y)²`. */

const greek =
  "alpha α beta β gamma γ delta δ epsilon ε varepsilon ε zeta ζ eta η theta θ kappa κ lambda λ mu μ nu ν xi ξ pi π rho ρ sigma σ tau τ phi φ varphi φ chi χ psi ψ omega ω Gamma Γ Delta Δ Theta Θ Lambda Λ Pi Π Sigma Σ Phi Φ Psi Ψ Omega Ω ell ℓ";
const signs =
  "sum Σ prod Π int ∫ infty ∞ partial ∂ nabla ∇ cdot · times × pm ± mp ∓ le ≤ leq ≤ ge ≥ geq ≥ ne ≠ neq ≠ ll ≪ gg ≫ approx ≈ equiv ≡ sim ~ propto ∝ in ∈ notin ∉ subset ⊂ subseteq ⊆ cup ∪ cap ∩ setminus ∖ emptyset ∅ to → rightarrow → mapsto ↦ mid | vert | lvert | rvert | Vert ‖ lVert ‖ rVert ‖ | ‖ langle ⟨ rangle ⟩ lfloor ⌊ rfloor ⌋ lceil ⌈ rceil ⌉ { { } } ldots … dots … cdots … forall ∀ top ⊤ odot ⊙ star * ast * circ ∘ land ∧ lor ∨ neg ¬ prime ′ % % _ _ & & # #";
const pairs = (text: string) => {
  const words = text.split(" ");
  return new Map(words.flatMap((word, i): [string, string][] => (i % 2 === 0 ? [[word, words[i + 1] as string]] : [])));
};
const symbols = new Map([...pairs(greek), ...pairs(signs)]);

/** Written upright, with room before what they are of. */
const functions = new Set(
  "log exp arctan arcsin arccos sgn softmax sinh max min arg argmax argmin sin cos tan tanh cosh sinh erf det sup inf lim ln Pr".split(
    " ",
  ),
);
/** A function, which stands apart from the letters beside it: `q t log p`. */
const upright = (name: string): string => `\u2060${name}\u2061`;
/** Between formulas; all other room is one space. */
const wide = "\u2003";
const spaces = new Map([
  ...[",", ";", ":", " ", "!"].map((c): [string, string] => [c, c === "!" ? "" : " "]),
  ["quad", wide],
  ["qquad", wide],
]);
const sizes = /^(left|right|[bB]ig{1,2}[lrm]?|displaystyle|textstyle|limits|nolimits)$/;
const styles = /^(text|textrm|textit|mathrm|mathbf|mathbb|mathcal|mathit|boldsymbol|operatorname\*?)$/;
const accents = new Map([
  ["hat", "\u0302"],
  ["widehat", "\u0302"],
  ["bar", "\u0304"],
  ["overline", "\u0304"],
  ["tilde", "\u0303"],
  ["dot", "\u0307"],
  ["vec", "\u20d7"],
]);

const raised = pairs("0 ⁰ 1 ¹ 2 ² 3 ³ 4 ⁴ 5 ⁵ 6 ⁶ 7 ⁷ 8 ⁸ 9 ⁹ + ⁺ − ⁻ i ⁱ n ⁿ k ᵏ p ᵖ T ᵀ ⊤ ᵀ x ˣ z ᶻ γ ᵞ");
const lowered = pairs(
  "0 ₀ 1 ₁ 2 ₂ 3 ₃ 4 ₄ 5 ₅ 6 ₆ 7 ₇ 8 ₈ 9 ₉ + ₊ − ₋ a ₐ e ₑ i ᵢ j ⱼ k ₖ l ₗ m ₘ n ₙ o ₒ p ₚ r ᵣ s ₛ t ₜ u ᵤ v ᵥ x ₓ",
);
const halves = pairs("1/2 ½ 1/3 ⅓ 2/3 ⅔ 1/4 ¼ 3/4 ¾ 1/6 ⅙ 1/8 ⅛");

/** What is not known to it is left as it was written. */
export function plainFormula(tex: string): string {
  const tokens = tex.match(/\\[a-zA-Z]+\*?|\\.|\s+|[^\\]/g) ?? [];
  let at = 0;

  /** The next argument: a group, or one token. */
  const argument = (): string => {
    while (/^\s+$/.test(tokens[at] ?? "")) at++;
    if (tokens[at] !== "{") return one();
    at++;
    const inner = until("}");
    at++;
    return inner;
  };
  const until = (end: string): string => {
    let text = "";
    while (at < tokens.length && tokens[at] !== end) text += one();
    return text.trim();
  };
  const script = (map: ReadonlyMap<string, string>, mark: string): string => {
    const inner = argument();
    const letters = [...inner.replaceAll(" ", "")];
    if (letters.length > 0 && letters.length <= 3 && letters.every((c) => map.has(c))) {
      return letters.map((c) => map.get(c)).join("");
    }
    return mark + (inner.includes("_") ? `(${inner})` : grouped(inner));
  };
  const environment = (): string => {
    const name = argument();
    let text = "";
    while (at < tokens.length && tokens[at] !== "\\end") {
      const token = tokens[at] as string;
      if (token === "&" || token === "\\\\") {
        text = `${text.trimEnd()}${token === "&" ? " if " : "; "}`;
        do at++;
        while (/^\s+$/.test(tokens[at] ?? ""));
      } else text += one();
    }
    at++;
    argument();
    return name === "cases" ? `{ ${text.trim().replace(/ if (if|otherwise|else)/g, " $1")} }` : text.trim();
  };
  const one = (): string => {
    const token = tokens[at++] ?? "";
    if (/^\s+$/.test(token)) return " ";
    if (token === "{") {
      at--;
      return argument();
    }
    if (token === "-") return "−";
    if (token === "~") return " ";
    if (token === "^") return script(raised, "^");
    if (token === "_") return script(lowered, "_");
    if (!token.startsWith("\\")) return token;
    return command(token.slice(1));
  };
  const command = (name: string): string => {
    if (spaces.has(name)) return spaces.get(name) as string;
    if (/^[dt]?frac$/.test(name)) {
      const [above, below] = [grouped(argument()), grouped(argument())];
      return halves.get(`${above}/${below}`) ?? `${above}/${below}`;
    }
    if (name === "sqrt") return `√${grouped(argument())}`;
    if (name === "begin") return environment();
    if (accents.has(name)) return (argument() + (accents.get(name) as string)).normalize("NFC");
    if (styles.test(name)) return name.startsWith("operatorname") ? upright(argument()) : argument();
    if (sizes.test(name)) {
      if (tokens[at] === ".") at++;
      return "";
    }
    if (functions.has(name)) return upright(name);
    return symbols.get(name) ?? `\\${name}`;
  };
  return until("\0")
    .replace(/(?<=[\p{L}\d)])\u2060/gu, " ")
    .replace(/\u2061(?=[\p{Ll}\p{Lu}\d√])/gu, " ")
    .replace(/[\u2060\u2061]/g, "")
    .replace(/ +/g, " ")
    .replace(/ ?\u2003[ \u2003]*/g, "   ")
    .replace(/([⟨⌊⌈[]) /g, "$1")
    .replace(/ ([⟩⌋⌉\]])/g, "$1")
    .trim();
}

/** In brackets, unless it is one thing already. */
function grouped(text: string): string {
  const inner = text.trim();
  return /^[\p{L}\p{M}\d.]*(_\p{L}+)?[₀-ₜᵢᵣᵤᵥⱼ⁰-ⁿ¹²³ᵞᵀᵏᵖˣᶻ]*$/u.test(inner) || /^[|(][^|()]*[|)]$/.test(inner)
    ? inner
    : `(${inner})`;
}
