import {writeFileSync} from 'node:fs';
import path from 'node:path';
import {domainFromNative} from '../src/driver/argv-parse/from-native.ts';
import {type ConversionContext, domainToNativeFor} from '../src/driver/convert/domain-to-native.ts';
import {resolveEmulator} from '../src/driver/convert/emulator-source.ts';
import {conversionContext} from '../src/driver/convert/open-conversion.ts';
import {formatDomain} from '../src/model/format-domain.ts';
import {parseDomain} from '../src/model/parse-domain.ts';
import {domainXml} from '../test/model/read-domain.ts';
import {type FigureGroup, median, type Reading} from './figure.ts';
import type {Lab} from './lab.ts';
import {virshConversionsPerSecond} from './virsh-peer.ts';

/** What an emulator of 2009 says of itself, as far as the example's command line needs it. */
const OLD_HELP = `QEMU PC emulator version 0.10.0, Copyright (c) 2003-2008 Fabrice Bellard
usage: qemu [options] [disk_image]

-M machine      select emulated machine (-M ? for list)
-drive [file=file][,if=type][,bus=n][,unit=m][,media=d][,index=i]
                use 'file' as a drive image
-name string    set the name of the guest
-no-kqemu       disable KQEMU kernel module usage
`;

const COMMAND_LINE =
  'LC_ALL=C PATH=/bin HOME=/home/test USER=test LOGNAME=test /usr/bin/qemu -S -M pc -m 214 -smp 1 -nographic ' +
  '-monitor pty -no-acpi -boot c -hda /dev/HostVG/QEMUGuest1 -net none -serial none -parallel none -usb';

/** So many conversions are timed together. */
const BURST = 200;

/** The example of libvirt's documentation, in one process: both directions, and beside `virsh` on one connection. */
export const conversions: FigureGroup = {
  figures: [
    {id: 'to-native-2009', title: 'domxml-to-native, an emulator of 2009', unit: '/s', target: 2000},
    {id: 'to-native', title: "domxml-to-native, this host's emulator", unit: '/s', target: 2000},
    {id: 'from-native', title: 'domxml-from-native', unit: '/s', target: 2000},
  ],
  unable: lab => (lab.emulator === undefined ? 'there is no qemu-system-x86_64' : undefined),
  async measure(lab) {
    const emulator = lab.emulator ?? '';
    const context = conversionContext({kind: 'embed', root: lab.root}, process.env, {onWarning: () => {}});
    const xml = exampleXml(emulator, 'x86_64');
    const file = path.join(lab.root, 'example.xml');
    writeFileSync(file, xml);
    const peer = await virshConversionsPerSecond(file, lab.runs * BURST);
    const beside =
      'leftOut' in peer
        ? `no peer beside it: ${peer.leftOut}`
        : `virsh over one connection ${Math.round(peer.perSecond)} /s`;
    const old = {...context, emulator: {from: 'help' as const, text: OLD_HELP}};
    return [
      readingOf(await toNative(old, exampleXml('/usr/bin/qemu', 'i686'), lab), 'asked with its help text'),
      readingOf(await toNative(context, xml, lab), beside),
      readingOf(await perSecond(lab, async () => fromNative()), 'virsh has it no more'),
    ];
  },
};

function readingOf(value: number, detail: string): Reading {
  return {value, detail: `${(1000 / value).toFixed(3)} ms each; ${detail}`};
}

function exampleXml(emulator: string, arch: string): string {
  return domainXml({
    name: '<name>QEMUGuest1</name><uuid>c7a5fdbd-edaf-9455-926a-d65c16db1809</uuid>',
    memory: '<memory>219200</memory><currentMemory>219200</currentMemory><vcpu>1</vcpu>',
    os: `<os><type arch='${arch}' machine='pc'>hvm</type><boot dev='hd'/></os>`,
    devices:
      `<emulator>${emulator}</emulator><disk type='block' device='disk'><source dev='/dev/HostVG/QEMUGuest1'/>` +
      "<target dev='hda' bus='ide'/></disk>",
  });
}

async function toNative(context: ConversionContext, xml: string, lab: Lab): Promise<number> {
  const {def} = parseDomain(xml, context.defaults);
  if (!def) throw new Error(`the example is no domain XML:\n${xml}`);
  const emulator = await resolveEmulator(def, context.emulator);
  return perSecond(lab, () => domainToNativeFor(emulator, xml, context));
}

function fromNative(): string {
  const {def, problems} = domainFromNative(COMMAND_LINE);
  if (!def) throw new Error(problems.map(({message}) => message).join('\n'));
  return formatDomain(def);
}

/** From the median of some bursts; the first ones, in which the code is compiled, do not count. */
async function perSecond({runs}: Lab, convert: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let burst = -3; burst < runs; burst++) {
    const start = performance.now();
    for (let count = 0; count < BURST; count++) await convert();
    if (burst >= 0) times.push(performance.now() - start);
  }
  return (BURST * 1000) / median(times);
}
