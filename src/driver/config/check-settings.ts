import type {Problem} from '../../base/problem.ts';
import type {QemuConf, ReadQemuConf, SettingName} from '../../model/config/qemu-conf.ts';
import {type Accounts, resolveIdentity} from '../../security/guest-identity.ts';

/** What of the host decides whether a configuration can be kept to. */
export interface ConfigurationFacts {
  /** As whom the driver runs. */
  readonly uid: number;
  readonly gid: number;
  readonly accounts: Accounts;
  readonly isDirectory: (path: string) => boolean;
  readonly isExecutable: (path: string) => boolean;
  /** Where hugetlbfs is mounted. */
  readonly hugetlbfs: readonly string[];
  /** The security models in force, e.g. `selinux`. */
  readonly models: readonly string[];
}

/** What libvirt has drivers for. Source: libvirt 9.0.0, src/security/security_driver.c. */
const SECURITY_DRIVERS: readonly string[] = ['selinux', 'apparmor', 'dac', 'none'];

/** Source: libvirt 9.0.0, src/util/vircgroup.c, virCgroupController. */
const CONTROLLERS: readonly string[] = ['cpu', 'cpuacct', 'cpuset', 'memory', 'devices', 'freezer', 'blkio', 'net_cls'];

type Check = (conf: QemuConf, facts: ConfigurationFacts) => string | undefined;

/** What is to be said against the value of a setting on this host, by the name of the setting. */
const CHECKS: Partial<Record<SettingName, Check>> = {
  default_tls_x509_cert_dir: ({default_tls_x509_cert_dir: path}, facts) => checkDirectory(path, facts),
  vnc_tls_x509_cert_dir: ({vnc_tls_x509_cert_dir: path}, facts) => checkDirectory(path, facts),
  spice_tls_x509_cert_dir: ({spice_tls_x509_cert_dir: path}, facts) => checkDirectory(path, facts),
  chardev_tls_x509_cert_dir: ({chardev_tls_x509_cert_dir: path}, facts) => checkDirectory(path, facts),
  nbd_tls_x509_cert_dir: ({nbd_tls_x509_cert_dir: path}, facts) => checkDirectory(path, facts),
  memory_backing_dir: ({memory_backing_dir: path}, facts) => checkDirectory(path, facts),
  bridge_helper: ({bridge_helper: path = ''}, {isExecutable}) =>
    isExecutable(path) ? undefined : `has to be a program: ${path} is none that can be executed`,
  hugetlbfs_mount: ({hugetlbfs_mount: paths = []}, {hugetlbfs}) => {
    const missing = paths.find(path => !hugetlbfs.includes(path));
    if (missing === undefined) return undefined;
    return `has to name mounted hugetlbfs: ${missing} is not among ${hugetlbfs.join(', ') || 'them, there are none'}`;
  },
  remote_display_port_max: ({remote_display_port_min: min = 5900, remote_display_port_max: max = 65_535}) =>
    checkRange('remote_display_port_min', min, max),
  remote_websocket_port_max: ({remote_websocket_port_min: min = 5700, remote_websocket_port_max: max = 65_535}) =>
    checkRange('remote_websocket_port_min', min, max),
  user: (conf, facts) => checkAccount('user', conf, facts),
  group: (conf, facts) => checkAccount('group', conf, facts),
  security_driver: ({security_driver: drivers = []}, {models}) => checkDrivers(drivers, models),
  cgroup_controllers: ({cgroup_controllers: controllers = []}) => {
    const unknown = controllers.find(controller => !CONTROLLERS.includes(controller));
    return unknown === undefined ? undefined : `has to name ${CONTROLLERS.join(', ')}: '${unknown}' is none of them`;
  },
  security_require_confined: ({security_require_confined: required, security_driver: drivers}, {models}) => {
    const isLabelling = models.includes('selinux') && (drivers?.includes('selinux') ?? true);
    return required && !isLabelling ? 'has to be 0: guests are confined by no security module here' : undefined;
  },
};

/** The errors of a configuration that only the host shows: what cannot be kept to is refused, not left out. */
export function checkSettings({conf, settings}: ReadQemuConf, facts: ConfigurationFacts): readonly Problem[] {
  return settings.flatMap(({name, line, column}) => {
    const check = Object.entries(CHECKS).find(([key]) => key === name)?.[1];
    const wrong = check?.(conf, facts);
    return wrong === undefined ? [] : [{severity: 'error' as const, line, column, message: `'${name}' ${wrong}`}];
  });
}

function checkDirectory(path = '', {isDirectory}: ConfigurationFacts): string | undefined {
  return isDirectory(path) ? undefined : `has to be a directory: ${path} is none`;
}

function checkRange(first: string, min: number, max: number): string | undefined {
  return max < min ? `has to be at least ${first}, ${min}` : undefined;
}

function checkAccount(
  setting: 'user' | 'group',
  {user, group}: QemuConf,
  {uid, gid, accounts}: ConfigurationFacts,
): string | undefined {
  const said = {...(user === undefined ? {} : {user}), ...(group === undefined ? {} : {group})};
  const identity = resolveIdentity({driver: {uid, gid}, ...said}, accounts);
  if (!('why' in identity) || identity.by !== setting) return undefined;
  return `cannot be kept to: ${identity.why}`;
}

function checkDrivers(drivers: readonly string[], models: readonly string[]): string | undefined {
  const unknown = drivers.find(driver => !SECURITY_DRIVERS.includes(driver));
  if (unknown !== undefined) return `has to name ${SECURITY_DRIVERS.join(', ')}: '${unknown}' is none of them`;
  const twice = drivers.find((driver, at) => drivers.indexOf(driver) !== at);
  if (twice !== undefined) return `has to name each once: '${twice}' is there twice`;
  if (drivers.includes('apparmor')) return "has to be selinux, dac or none: guests are not confined by 'apparmor' yet";
  if (!drivers.includes('selinux') || models.includes('selinux')) return undefined;
  return "has to be dac or none: 'selinux' is not in force on this host";
}
