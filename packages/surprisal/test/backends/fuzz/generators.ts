/** Every family of cases. A new kernel family is a file and a line here. */
import type { Generator } from "./case.ts";
import { columns } from "./columns.ts";
import { elementwise } from "./elementwise.ts";
import { indexed } from "./indexed.ts";
import { moves } from "./moves.ts";
import { products } from "./products.ts";
import { rows } from "./rows.ts";

export const generators: readonly Generator[] = [products, elementwise, rows, columns, indexed, moves];
