/** Every transform of labels. One line here makes one known and public. */
export { LabelBinarizer, type LabelBinarizerOptions } from "./labelBinarizer.ts";
export { LabelEncoder } from "./labelEncoder.ts";
export { MultiLabelBinarizer, type MultiLabelBinarizerOptions } from "./multiLabelBinarizer.ts";
