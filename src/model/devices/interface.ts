import type {DeviceBase} from './device-def.ts';

export interface InterfaceDef extends DeviceBase {
  readonly kind: 'interface';
  readonly type: 'user';
  /** Lower case, colons. */
  readonly mac: string;
  /** e.g. `virtio`, `e1000`, `sungem`; without it the emulator's usual one. */
  readonly model?: string;
}
