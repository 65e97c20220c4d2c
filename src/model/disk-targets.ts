import {parseXml} from './xml/parse-xml.ts';

/** The targets of the disks in a domain's XML, e.g. `vda`, in their order. */
export function diskTargets(xml: string): readonly string[] {
  const children = parseXml(xml).root?.children ?? [];
  const devices = children.find(({name}) => name === 'devices')?.children ?? [];
  return devices.flatMap(device => {
    if (device.name !== 'disk') return [];
    return device.children.find(({name}) => name === 'target')?.attributes.get('dev') ?? [];
  });
}
