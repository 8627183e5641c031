/** Every regularizer. One line here makes it known by name and part of the public namespace. */
export { l1, l1l2, l2 } from "./norms.ts";
