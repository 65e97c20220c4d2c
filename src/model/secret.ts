import {formatProblem} from '../base/problem.ts';
import {normaliseUuid} from './domain/parse-identity.ts';
import {parseXml} from './xml/parse-xml.ts';
import type {XmlElement} from './xml/xml-element.ts';

/** What a secret of libvirt is for. Source: libvirt 9.0.0, docs/formatsecret. */
export const SECRET_PURPOSES = ['ceph', 'iscsi', 'volume', 'tls', 'vtpm'] as const;
export type SecretPurpose = (typeof SECRET_PURPOSES)[number];

/** What the usage of a secret is called, by what it is for. */
const USAGE_ELEMENTS: Readonly<Record<SecretPurpose, string>> = {
  ceph: 'name',
  iscsi: 'target',
  volume: 'volume',
  tls: 'name',
  vtpm: 'name',
};

/** A secret as libvirt's XML describes it; its value is elsewhere. */
export interface SecretDef {
  /** Lower case with dashes. */
  readonly uuid: string;
  readonly purpose?: SecretPurpose;
  readonly usage?: string;
}

/** Reads `<secret>`. @returns a sentence where it is none */
export function parseSecret(xml: string): SecretDef | string {
  const {root, problems} = parseXml(xml);
  if (!root) return problems.map(formatProblem).join('; ');
  if (root.name !== 'secret') return `the root element is <${root.name}>, expected <secret>`;
  const uuid = normaliseUuid(childOf(root, 'uuid')?.text ?? '');
  if (uuid === undefined) return '<secret> has no <uuid> with 32 hexadecimal digits';
  const used = childOf(root, 'usage');
  const purpose = SECRET_PURPOSES.find(word => word === used?.attributes.get('type'));
  if (!used || purpose === undefined) return {uuid};
  const usage = childOf(used, USAGE_ELEMENTS[purpose])?.text;
  return {uuid, purpose, ...(usage ? {usage} : {})};
}

function childOf(element: XmlElement, name: string): XmlElement | undefined {
  return element.children.find(child => child.name === name);
}
