import type {ChardevSource} from '../../../model/devices/chardev.ts';
import {omitUndefined} from '../omit-undefined.ts';

/** A host with its port; either may be missing. */
export interface UdpAddress {
  readonly host?: string;
  readonly service?: string;
}

/**
 * A line over UDP: where it sends to, and where it listens. Port 0 is any port, which the XML says with none.
 * Source: libvirt 4.5.0, qemu_parse_command.c, qemuParseCommandLineChr.
 */
export function udpSource(connect: UdpAddress, bind: UdpAddress): ChardevSource {
  const listens = omitUndefined({host: bind.host, service: bind.service === '0' ? undefined : bind.service});
  const binds = Object.keys(listens).length > 0;
  return {
    type: 'udp',
    sources: [...(binds ? [{mode: 'bind' as const, ...listens}] : []), {mode: 'connect' as const, ...connect}],
  };
}
