import {devicesOf} from '../../model/domain-def.ts';
import type {ArgvInput} from './argv-input.ts';
import {clockZone} from './clock-args.ts';

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * What the emulator finds in its environment besides the driver's own variables: the zone of its clock, where its windows go, how SASL is
 * configured, which sound SDL takes, and what `<qemu:env>` says, which counts for more than the rest.
 *
 * @see libvirt 9.0.0, src/qemu/qemu_command.c
 */
export function buildEnvironment({def, settings = {}}: Pick<ArgvInput, 'def' | 'settings'>): Record<string, string> {
  const variables: Variables[] = [
    {TZ: clockZone(def.clock)},
    ...devicesOf(def, 'audio').map(audio => (audio.type === 'sdl' ? {SDL_AUDIODRIVER: audio.driver} : {})),
    ...devicesOf(def, 'graphics').map((screen): Variables => {
      if (screen.type === 'sdl') return {XAUTHORITY: screen.xauth, DISPLAY: screen.display};
      const own = screen.type === 'vnc' || screen.type === 'spice' ? settings[screen.type] : undefined;
      return {SASL_CONF_PATH: own?.sasl ? own.saslDir : undefined};
    }),
  ];
  const wanted = [
    ...variables.flatMap(record => Object.entries(record)),
    // A variable without a value is set to nothing, as libvirt does it.
    ...(def.qemu?.commandline?.env ?? []).map(({name, value}) => [name, value ?? ''] as const),
  ];
  return Object.fromEntries(wanted.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}
