import type {DeviceBase} from './device-def.ts';

/** The host's side of a character device. `path` of a pty is the slave, known while the domain runs. */
export type ChardevSource =
  | {readonly type: 'pty'; readonly path?: string}
  | {readonly type: 'file'; readonly path: string; readonly append: boolean}
  | {readonly type: 'null'};

interface ChardevBase extends DeviceBase {
  readonly source: ChardevSource;
  readonly port: number;
  /** `<log file= append=/>`: everything the guest writes, also while nobody listens. */
  readonly log?: {readonly file: string; readonly append: boolean};
}

export interface SerialDef extends ChardevBase {
  readonly kind: 'serial';
}

/**
 * The first console of a fullvirt guest is the same line as its first serial device: libvirt shows both,
 * QEMU gets one. Source: libvirt 9.0.0, docs/formatdomain, "Relationship between serial ports and consoles".
 */
export interface ConsoleDef extends ChardevBase {
  readonly kind: 'console';
  readonly targetType: 'serial' | 'virtio';
}

export type ChardevDef = SerialDef | ConsoleDef;
