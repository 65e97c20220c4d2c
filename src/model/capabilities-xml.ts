import type {Capabilities} from './capabilities.ts';
import {guestOffers} from './guest-offers.ts';
import {formatGuest} from './guest-xml.ts';
import {formatHost} from './host-xml.ts';
import {writeXml} from './xml/write-xml.ts';

/**
 * What this host can run, as libvirt's capabilities XML.
 *
 * @see libvirt 9.0.0, src/conf/capabilities.c, virCapabilitiesFormatXML, and docs/formatcaps
 */
export function formatCapabilitiesXml(capabilities: Capabilities): string {
  const guests = guestOffers(capabilities).map(formatGuest);
  const parts = [formatHost(capabilities.host), ...guests].map(part => writeXml(part, '  '));
  return ['<capabilities>\n\n', ...parts.map(part => `${part}\n`), '</capabilities>\n'].join('');
}
