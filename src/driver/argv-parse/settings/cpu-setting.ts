const YES = ['on', 'yes', 'true', 'y'];
const NO = ['off', 'no', 'false', 'n'];

/** One word of `-cpu` after the model. */
export interface CpuSetting {
  /** With dashes, as QEMU has them since 2.8; underscores are the same. */
  readonly name: string;
  /** As it was written. */
  readonly given: string;
  /** Empty where none is given. */
  readonly value: string;
  /** What the switch is put to; undefined where the value is no word of a switch. */
  readonly on: boolean | undefined;
}

/** Reads `+name`, `-name`, `name` or `name=value`. */
export function parseCpuSetting(text: string): CpuSetting {
  const [, sign = '', given = '', value] = /^([+-]?)([^=]*)(?:=(.*))?$/s.exec(text) ?? [];
  const name = given.replaceAll('_', '-');
  if (sign !== '') return {name, given, value: '', on: value === undefined ? sign === '+' : undefined};
  const on = value === undefined || YES.includes(value) ? true : NO.includes(value) ? false : undefined;
  return {name, given, value: value ?? '', on};
}
