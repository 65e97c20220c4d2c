import type {InterfaceDef} from '../../model/devices/interface.ts';

type OfType<T extends InterfaceDef['type']> = Omit<
  Extract<InterfaceDef, {readonly type: T}>,
  'kind' | 'mac' | 'model' | 'address'
>;

/** The host's side of a network card, as far as the XML has words for it. */
export type NetBackend =
  | OfType<'user'>
  | OfType<'ethernet'>
  | OfType<'bridge'>
  | OfType<'vhostuser'>
  | OfType<'server'>
  | OfType<'client'>
  | OfType<'mcast'>
  | OfType<'udp'>
  | OfType<'vdpa'>
  | OfType<'null'>;

/** The card that the guest sees. */
export interface NetCard {
  readonly mac?: string;
  readonly model?: string;
}
