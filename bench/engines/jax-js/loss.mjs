import { lossWork } from "../loss.mjs";
import { load as loadLosses } from "../losses/jax-js.mjs";

export const load = async () => lossWork(await loadLosses());
