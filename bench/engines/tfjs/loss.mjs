import { lossWork } from "../loss.mjs";
import { load as loadLosses } from "../losses/tfjs.mjs";

export const load = async () => lossWork(await loadLosses());
