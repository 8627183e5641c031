import { lossWork } from "../loss.mjs";
import { load as loadLosses } from "../losses/surprisal.mjs";

export const load = async () => lossWork(await loadLosses());
