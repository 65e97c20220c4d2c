import type {DeviceBase} from './device-def.ts';

export interface VncDef extends DeviceBase {
  readonly kind: 'graphics';
  readonly type: 'vnc';
  /** TCP port from 5900 on; -1 is chosen when the domain starts. */
  readonly port: number;
  readonly autoport: boolean;
  readonly listen: string;
  readonly keymap?: string;
}

export interface NoGraphicsDef extends DeviceBase {
  readonly kind: 'graphics';
  /** No screen at all, said explicitly. */
  readonly type: 'none';
}

export type GraphicsDef = VncDef | NoGraphicsDef;
