import type {Problem} from '../../base/problem.ts';
import {type ConfKind, confAbsolutePaths} from './conf-kinds.ts';
import {type ConfSetting, parseConf} from './parse-conf.ts';

/** Every setting of qemu.conf that is read, by libvirt's name where it has one. A new one is a row here. */
const SETTINGS = {
  /** Where emulators are looked for besides the usual directories. */
  emulator_directories: confAbsolutePaths,
} as const satisfies Readonly<Record<string, ConfKind<unknown>>>;

type Settings = typeof SETTINGS;
type ValueOf<K> = K extends ConfKind<infer T> ? T : never;

/** What qemu.conf says; what it does not name is absent. */
export type QemuConf = {readonly [K in keyof Settings]?: ValueOf<Settings[K]>};

export interface ReadQemuConf {
  readonly conf: QemuConf;
  /** Errors of syntax, and values of another kind: such settings are left out. */
  readonly problems: readonly Problem[];
  /** Settings that nothing here reads: libvirt has some eighty, and its file can be brought along. */
  readonly unread: readonly ConfSetting[];
}

/** Reads the text of a qemu.conf. Of a setting that is there twice the first counts, as in libvirt. */
export function readQemuConf(text: string): ReadQemuConf {
  const {settings, problems} = parseConf(text);
  const found: Problem[] = [...problems];
  const unread: ConfSetting[] = [];
  const values = new Map<string, unknown>();
  for (const setting of settings) {
    const {name, line, column} = setting;
    if (!isKnown(name)) {
      unread.push(setting);
      continue;
    }
    const result = SETTINGS[name](setting.value);
    if (values.has(name)) {
      found.push({severity: 'warning', line, column, message: `'${name}' is set before: this one does not count`});
    } else if (typeof result === 'string') {
      found.push({severity: 'error', line, column, message: `'${name}' has to be ${result}`});
    } else values.set(name, result.read);
  }
  return {conf: Object.fromEntries(values), problems: found, unread};
}

function isKnown(name: string): name is keyof Settings {
  return Object.hasOwn(SETTINGS, name);
}
