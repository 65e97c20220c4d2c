import type {Capabilities, HostCapabilities} from './capabilities.ts';
import {guestOffers} from './guest-offers.ts';
import {formatGuest} from './guest-xml.ts';
import {formatHost} from './host-xml.ts';
import {writeXml, type XmlNode} from './xml/write-xml.ts';

/**
 * What this host can run, as libvirt's capabilities XML.
 *
 * @see libvirt 9.0.0, src/conf/capabilities.c, virCapabilitiesFormatXML, and docs/formatcaps
 */
export function formatCapabilitiesXml(capabilities: Capabilities): string {
  return joinCapabilitiesXml(capabilities.host, formatGuestsXml(capabilities));
}

/** The part about guests. */
export function formatGuestsXml(capabilities: Capabilities): string {
  return guestOffers(capabilities)
    .map(offer => formatPart(formatGuest(offer)))
    .join('');
}

/** The whole, of a host and the part about guests. */
export function joinCapabilitiesXml(host: HostCapabilities, guestsXml: string): string {
  return `<capabilities>\n\n${formatPart(formatHost(host))}${guestsXml}</capabilities>\n`;
}

function formatPart(part: XmlNode): string {
  return `${writeXml(part, '  ')}\n`;
}
