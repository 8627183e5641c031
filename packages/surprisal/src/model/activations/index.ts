/** Every activation. One line here makes it known by name and part of the public namespace. */
export * from "./bounded.ts";
export * from "./overAxis.ts";
export * from "./rectified.ts";
