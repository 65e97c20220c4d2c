import type {Problem} from '../base/problem.ts';
import type {DeviceDef} from './devices/device-def.ts';
import {parseDevice} from './devices/device-table.ts';
import {checkDevices} from './domain/check-devices.ts';
import {ElementReader} from './xml/element-reader.ts';
import {parseXml} from './xml/parse-xml.ts';
import {ProblemList} from './xml/problem-list.ts';

/** `device` is there exactly when no problem is an error. */
export interface ParsedDevice {
  readonly device?: DeviceDef;
  readonly problems: readonly Problem[];
}

/** Reads the XML of one device, as it would stand in `<devices>`. */
export function parseDeviceXml(xml: string, {newMac}: {newMac(): string}): ParsedDevice {
  const {root, problems} = parseXml(xml);
  if (!root) return {problems};
  const found = new ProblemList('lenient');
  const reader = new ElementReader(root, found);
  const device = parseDevice(reader, {newMac, live: false});
  if (device) checkDevices([{device, reader}]);
  else if (!found.hasErrors) reader.error(`<${reader.name}> is no device`);
  reader.finish();
  return found.hasErrors || !device ? {problems: found.sorted()} : {device, problems: found.sorted()};
}
