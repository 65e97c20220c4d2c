import type {GraphicsDef, SpiceDef, VncDef} from '../../model/devices/graphics.ts';
import type {ArgvSettings} from './argv-input.ts';

/** Which ports of a screen are still to be chosen. */
export interface PortNeeds {
  readonly port?: boolean;
  readonly tlsPort?: boolean;
  readonly websocket?: boolean;
}

/** A screen with a server that may listen on ports. */
export type ServerScreen = VncDef | SpiceDef;

/** Whether a screen is a server that listens on ports. */
export function hasPorts(screen: GraphicsDef): screen is ServerScreen {
  if (screen.type !== 'vnc' && screen.type !== 'spice') return false;
  const [first] = screen.listens;
  return first?.type === 'address' || first?.type === 'network';
}

/**
 * The ports that the driver has to choose before a screen can be started. SPICE gets one for plain channels, one for
 * encrypted ones, or both, as the modes of its channels ask for.
 *
 * @see libvirt 9.0.0, src/qemu/qemu_process.c, qemuProcessSPICEAllocatePorts and qemuProcessVNCAllocatePorts
 */
export function portNeeds(screen: ServerScreen, settings: ArgvSettings = {}): PortNeeds {
  if (screen.type === 'vnc') return {port: screen.autoport || screen.port < 0, websocket: screen.websocket === -1};
  const modes = screen.autoport ? channelModes(screen) : [];
  const anyIsSecure = settings.spice?.tls !== undefined;
  return {
    port: screen.port === -1 || modes.some(mode => mode !== 'secure'),
    tlsPort: screen.tlsPort === -1 || modes.some(mode => mode === 'secure' || (mode === 'any' && anyIsSecure)),
  };
}

const CHANNELS = 8;

/** The modes of all channels; those that say nothing have the default one. */
function channelModes({channels = [], defaultMode = 'any'}: SpiceDef): readonly ('any' | 'secure' | 'insecure')[] {
  const own = channels.filter(({mode}) => mode !== 'any').map(({mode}) => mode);
  return own.length < CHANNELS ? [...own, defaultMode] : own;
}
