import type {DeviceRule} from './device-rule.ts';

/** Where guests of libvirt are, too. */
const SLICE = 'machine.slice';

/** How systemd names the devices of a rule: by number, which needs no node. Source: systemd 252, src/shared/cgroup-setup and core/cgroup.c, bpf_devices_allow_list_static. */
function deviceAllow({type, major, minor, access}: DeviceRule): string {
  const folder = type === 'b' ? 'block' : 'char';
  return minor === '*' ? `${folder}-${major} ${access}` : `/dev/${folder}/${major}:${minor} ${access}`;
}

/**
 * Words before a command that is to run in a scope with a list of devices; systemd-run asks for the scope with its own process
 * in it and becomes the command.
 *
 * @param systemdRun  the words that call it: its absolute path, options
 * @see systemd-run(1), systemd.resource-control(5), "DeviceAllow="
 */
export function scopePrefix(
  systemdRun: readonly string[],
  unit: string,
  devices: readonly DeviceRule[],
): readonly string[] {
  const properties = ['DevicePolicy=strict', ...devices.map(rule => `DeviceAllow=${deviceAllow(rule)}`)];
  const options = [
    '--scope',
    '--quiet',
    '--collect',
    '--description=QEMU guest of virtty',
    `--slice=${SLICE}`,
    `--unit=${unit}`,
  ];
  return [...systemdRun, ...options, ...properties.flatMap(property => ['-p', property]), '--'];
}

/** Arguments of systemctl that give a scope that runs another list; an empty assignment takes the old one away. */
export function scopeChange(unit: string, devices: readonly DeviceRule[]): readonly string[] {
  const properties = ['DeviceAllow=', ...devices.map(rule => `DeviceAllow=${deviceAllow(rule)}`)];
  return ['set-property', '--runtime', '--', unit, ...properties];
}

/** Arguments of systemctl that let a scope that runs open one device more. */
export function scopeAddition(unit: string, rule: DeviceRule): readonly string[] {
  return ['set-property', '--runtime', '--', unit, `DeviceAllow=${deviceAllow(rule)}`];
}

/** Arguments of systemctl that print what `parseScope` reads. */
export function scopeQuery(unit: string): readonly string[] {
  return ['show', '-p', 'ActiveState', '-p', 'DevicePolicy', '-p', 'DeviceAllow', '--', unit];
}

/**
 * Reads what systemctl says of a scope.
 *
 * @returns `all` for one that may open everything; undefined where there is none, or its list is not by numbers
 */
export function parseScope(text: string): readonly DeviceRule[] | 'all' | undefined {
  const values = (name: string) =>
    text.split('\n').flatMap(line => (line.startsWith(`${name}=`) ? [line.slice(name.length + 1)] : []));
  if (values('ActiveState')[0] !== 'active') return undefined;
  if (values('DevicePolicy')[0] !== 'strict') return 'all';
  const rules = values('DeviceAllow')
    .filter(value => value !== '')
    .map(parseAllow);
  return rules.every(rule => rule !== undefined) ? rules : undefined;
}

function parseAllow(value: string): DeviceRule | undefined {
  const [, folder, major, minor, access] =
    /^\/dev\/(block|char)\/(\d+):(\d+) (r?w?m?)$/.exec(value) ?? /^(block|char)-(\d+)() (r?w?m?)$/.exec(value) ?? [];
  if (major === undefined || !access) return undefined;
  const type = folder === 'block' ? 'b' : 'c';
  return {type, major: Number(major), minor: minor ? Number(minor) : '*', access};
}
