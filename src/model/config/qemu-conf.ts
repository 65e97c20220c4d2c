import {closestTo} from '../../base/closest.ts';
import type {Problem} from '../../base/problem.ts';
import {
  type ConfKind,
  confAbsolutePath,
  confAbsolutePaths,
  confNumber,
  confPathsOrNone,
  confSwitch,
  confText,
  confTexts,
} from './conf-kinds.ts';
import {LIBVIRT_KEYS} from './libvirt-keys.ts';
import {type ConfSetting, type ConfValue, parseConf} from './parse-conf.ts';

/** Source: libvirt 9.0.0, src/qemu/qemu_conf.c, QEMU_REMOTE_PORT_MIN and QEMU_WEBSOCKET_PORT_MIN. */
const displayPort = confNumber(5900, 65_535);
const websocketPort = confNumber(5700, 65_535);

/** Every setting of qemu.conf that is acted on, by libvirt's name where it has one. A new one is a row here. */
const SETTINGS = {
  /** Where emulators are looked for besides the usual directories. */
  emulator_directories: confAbsolutePaths,
  default_tls_x509_cert_dir: confAbsolutePath,
  default_tls_x509_verify: confSwitch,
  vnc_listen: confText,
  vnc_auto_unix_socket: confSwitch,
  vnc_tls: confSwitch,
  vnc_tls_x509_cert_dir: confAbsolutePath,
  vnc_tls_x509_verify: confSwitch,
  vnc_password: confText,
  vnc_sasl: confSwitch,
  vnc_sasl_dir: confAbsolutePath,
  spice_listen: confText,
  spice_auto_unix_socket: confSwitch,
  spice_tls: confSwitch,
  spice_tls_x509_cert_dir: confAbsolutePath,
  spice_password: confText,
  spice_sasl: confSwitch,
  spice_sasl_dir: confAbsolutePath,
  remote_display_port_min: displayPort,
  remote_display_port_max: displayPort,
  remote_websocket_port_min: websocketPort,
  remote_websocket_port_max: websocketPort,
  chardev_tls: confSwitch,
  chardev_tls_x509_cert_dir: confAbsolutePath,
  chardev_tls_x509_verify: confSwitch,
  nbd_tls_x509_cert_dir: confAbsolutePath,
  nbd_tls_x509_secret_uuid: confText,
  hugetlbfs_mount: confPathsOrNone,
  memory_backing_dir: confAbsolutePath,
  bridge_helper: confAbsolutePath,
  seccomp_sandbox: confNumber(-1, 1),
  clear_emulator_capabilities: confSwitch,
  dynamic_ownership: confSwitch,
  remember_owner: confSwitch,
  user: confText,
  group: confText,
  security_driver: confTexts,
  security_default_confined: confSwitch,
  security_require_confined: confSwitch,
  cgroup_controllers: confTexts,
  cgroup_device_acl: confAbsolutePaths,
  console_log_max_size: confNumber(0, 2 ** 40),
  console_log_max_backups: confNumber(1, 1000),
} as const satisfies Readonly<Record<string, ConfKind<unknown>>>;

type Settings = typeof SETTINGS;
type ValueOf<K> = K extends ConfKind<infer T> ? T : never;

/** The name of a setting that is acted on. */
export type SettingName = keyof Settings;

/** What qemu.conf says; what it does not name is absent. */
export type QemuConf = {readonly [K in SettingName]?: ValueOf<Settings[K]>};

export interface ReadQemuConf {
  readonly conf: QemuConf;
  /** What stands in the text and counts, in its order: acted on, or libvirt's alone. */
  readonly settings: readonly CountedSetting[];
  /** Errors of syntax, values of another kind, names that nobody knows: such settings are left out. */
  readonly problems: readonly Problem[];
}

/** A setting with its place. */
export interface CountedSetting extends ConfSetting {
  /** False for one of libvirt's that has no effect here. */
  readonly isHonoured: boolean;
}

/** Reads the text of a qemu.conf. Of a setting that is there twice the first counts, as in libvirt. */
export function readQemuConf(text: string): ReadQemuConf {
  const {settings, problems} = parseConf(text);
  const found: Problem[] = [...problems];
  const counted = new Map<string, CountedSetting>();
  const values = new Map<string, unknown>();
  for (const setting of settings) {
    const {name, line, column, value} = setting;
    const problem = (message: string, severity: Problem['severity'] = 'error') =>
      found.push({severity, line, column, message});
    const kind = kindOf(name);
    const result = kind?.(value);
    if (result === undefined) problem(unknownName(name));
    else if (counted.has(name)) problem(`'${name}' is set before: this one does not count`, 'warning');
    else if (typeof result === 'string') problem(`'${name}' has to be ${result}`);
    else {
      const isHonoured = isSetting(name);
      counted.set(name, {...setting, isHonoured});
      if (isHonoured) values.set(name, result.read);
      else problem(`'${name}' is a setting of libvirt that has no effect here yet`, 'warning');
    }
  }
  return {conf: Object.fromEntries(values), settings: [...counted.values()], problems: found};
}

/** As it stands in the file, on one line; a password is not shown. */
export function formatConfSetting({name, value}: ConfSetting): string {
  return name.endsWith('_password') ? '(not shown)' : formatValue(value);
}

function formatValue(value: ConfValue): string {
  switch (value.is) {
    case 'number':
      return String(value.number);
    case 'text':
      return JSON.stringify(value.text);
    case 'list':
      return `[${value.items.map(formatValue).join(', ')}]`;
  }
}

function kindOf(name: string): ConfKind<unknown> | undefined {
  if (isSetting(name)) return SETTINGS[name];
  return Object.hasOwn(LIBVIRT_KEYS, name) ? LIBVIRT_KEYS[name] : undefined;
}

function isSetting(name: string): name is SettingName {
  return Object.hasOwn(SETTINGS, name);
}

function unknownName(name: string): string {
  const close = closestTo(name, [...Object.keys(SETTINGS), ...Object.keys(LIBVIRT_KEYS)]);
  return `there is no setting '${name}'${close === undefined ? '' : `: is '${close}' meant?`}`;
}
