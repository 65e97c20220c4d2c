import type {NativeDraft} from '../native-draft.ts';
import type {NativeArg} from '../native-word.ts';
import {parseOption} from '../parse-option.ts';

/** A property of every device of a type. */
interface GlobalProperty {
  readonly driver: string;
  readonly property: string;
  readonly value: string;
}

type Read = (value: string, draft: NativeDraft, arg: NativeArg) => boolean;

/** `-global`: what of the board the XML has words for; others are kept. */
export function readGlobal(arg: NativeArg, draft: NativeDraft): void {
  const global = parseGlobal(arg.value);
  const read = global && READERS.find(([pattern]) => pattern.test(`${global.driver}.${global.property}`))?.[1];
  if (!global || !read?.(global.value, draft, arg)) draft.keep(arg);
}

/** `DRIVER.PROPERTY=VALUE`, or three pairs. Source: QEMU 7.2, softmmu/vl.c, QEMU_OPTION_global. */
function parseGlobal(text: string): GlobalProperty | undefined {
  const short = /^([^.,=]+)\.([^.,=]+)=(.*)$/s.exec(text);
  if (short) return {driver: short[1] ?? '', property: short[2] ?? '', value: short[3] ?? ''};
  const bag = parseOption(text);
  const [driver, property, value] = [bag.take('driver'), bag.take('property'), bag.take('value')];
  if (driver === undefined || property === undefined || value === undefined || bag.rest.length > 0) return undefined;
  return {driver, property, value};
}

function sleepState(key: 'suspendToMem' | 'suspendToDisk'): Read {
  return (value, draft) => {
    if (value !== '0' && value !== '1') return false;
    draft.sections.pm = {...draft.sections.pm, [key]: value === '0'};
    return true;
  };
}

/** Where pSeries has its memory of settings. */
const nvramRegister: Read = (value, draft) => {
  if (!/^(?:0x[0-9A-Fa-f]{1,16}|\d{1,18})$/.test(value)) return false;
  draft.devices.push({kind: 'nvram', address: {type: 'spapr-vio', reg: BigInt(value)}});
  return true;
};

const pitTicks: Read = (value, draft) => {
  if (value !== 'delay' && value !== 'discard') return false;
  draft.timers.push({name: 'pit', tickpolicy: value});
  return true;
};

/** The drives are part of the controller, and that has their place in the boot order. */
function floppyBoot(unit: 0 | 1): Read {
  return (value, draft) => {
    const order = Number(value);
    if (!/^\d{1,9}$/.test(value) || order < 1) return false;
    draft.floppyBoot.set(unit === 0 ? 'fda' : 'fdb', order);
    return true;
  };
}

const secureFlash: Read = (value, draft) => {
  if (value !== 'on') return false;
  draft.secureFlash = true;
  return true;
};

const rootHotplug: Read = (value, draft) => {
  if (value !== 'off' && value !== 'on') return false;
  const target = {hotplug: value === 'on'};
  draft.devices.push({kind: 'controller', type: 'pci', index: 0, model: 'pci-root', target});
  return true;
};

/** Bytes, or a number with a unit; the XML has KiB. */
function pciHole(model: 'pci-root' | 'pcie-root'): Read {
  return (value, draft) => {
    const match = /^(\d{1,12})([KkMmGg]?)$/.exec(value);
    if (!match) return false;
    const bytes = BigInt(match[1] ?? 0) << BigInt(['', 'k', 'm', 'g'].indexOf((match[2] ?? '').toLowerCase()) * 10);
    draft.devices.push({kind: 'controller', type: 'pci', index: 0, model, pcihole64KiB: bytes / 1024n});
    return true;
  };
}

const secureMemory: Read = (value, draft) => {
  if (!/^\d{1,6}$/.test(value)) return false;
  draft.features.smm = {...draft.features.smm, tsegKiB: BigInt(value) * 1024n};
  return true;
};

/** The chipset's watchdog is always there; it only has to be allowed to act. */
const chipsetWatchdog: Read = (value, draft) => {
  if (value !== 'off') return false;
  draft.devices.push({kind: 'watchdog', model: 'itco', action: 'reset'});
  return true;
};

/** Source: libvirt 9.0.0, src/qemu/qemu_command.c, where each is written. */
const READERS: readonly (readonly [RegExp, Read])[] = [
  [/^(PIIX4_PM|ICH9-LPC)\.disable_s3$/, sleepState('suspendToMem')],
  [/^(PIIX4_PM|ICH9-LPC)\.disable_s4$/, sleepState('suspendToDisk')],
  [/^ICH9-LPC\.noreboot$/, chipsetWatchdog],
  [/^spapr-nvram\.reg$/, nvramRegister],
  [/^kvm-pit\.lost_tick_policy$/, pitTicks],
  [/^isa-fdc\.bootindexA$/, floppyBoot(0)],
  [/^isa-fdc\.bootindexB$/, floppyBoot(1)],
  [/^cfi\.pflash01\.secure$/, secureFlash],
  [/^PIIX4_PM\.acpi-root-pci-hotplug$/, rootHotplug],
  [/^i440FX-pcihost\.pci-hole64-size$/, pciHole('pci-root')],
  [/^q35-pcihost\.pci-hole64-size$/, pciHole('pcie-root')],
  [/^mch\.extended-tseg-mbytes$/, secureMemory],
];
