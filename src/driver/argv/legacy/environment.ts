import {devicesOf} from '../../../model/domain-def.ts';
import type {ArgvInput} from '../argv-input.ts';
import {cannotGive} from './refuse.ts';

/** The variables of the caller's that an emulator of 2009 gets, in libvirt's order. Source: libvirt 0.7.1, src/qemu_conf.c. */
const INHERITED = ['LD_PRELOAD', 'LD_LIBRARY_PATH', 'PATH', 'HOME', 'USER', 'LOGNAME', 'TMPDIR'] as const;

/** What a shell takes for an assignment, and nothing else. */
const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;

export interface LegacyEnvironmentOptions {
  /** The environment of the caller. */
  readonly inherited: Readonly<Record<string, string | undefined>>;
  /** Where Cyrus SASL finds the configuration of VNC servers. */
  readonly saslDir?: string;
}

/**
 * The environment that the arguments of `buildLegacyArgv` belong to; the order is that in which it is printed.
 *
 * @throws {VirtError} CONFIG_UNSUPPORTED for a `<qemu:env>` whose name is none
 */
export function buildLegacyEnvironment(
  input: ArgvInput,
  {inherited, saslDir}: LegacyEnvironmentOptions,
): Readonly<Record<string, string>> {
  const {def, settings} = input;
  const wanted: (readonly [string, string | undefined])[] = [['LC_ALL', 'C']];
  for (const name of INHERITED) wanted.push([name, inherited[name]]);
  if (def.clock.offset === 'timezone') wanted.push(['TZ', def.clock.timezone]);
  for (const graphics of devicesOf(def, 'graphics')) {
    if (graphics.type === 'vnc' && settings?.vnc?.sasl) wanted.push(['SASL_CONF_DIR', saslDir]);
    if (graphics.type === 'sdl') wanted.push(['XAUTHORITY', graphics.xauth], ['DISPLAY', graphics.display]);
  }
  for (const {name, value} of def.qemu?.commandline?.env ?? []) {
    if (!VARIABLE.test(name)) throw cannotGive(`environment '${name}'`, 'that is no name of a variable', input);
    wanted.push([name, value ?? '']);
  }
  return Object.fromEntries(wanted.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}
