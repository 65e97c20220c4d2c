import type {NativeDraft} from '../native-draft.ts';
import type {NativeArg} from '../native-word.ts';
import type {OptionBag} from '../option-bag.ts';
import {parseOption} from '../parse-option.ts';

/** What is said of the shape of the processors; the emulator finds out the rest. */
interface GivenTopology {
  readonly sockets: number | undefined;
  readonly dies: number;
  readonly cores: number | undefined;
  readonly threads: number | undefined;
}

type Topology = {readonly [Key in keyof GivenTopology]: number};

/** `-smp`: with `maxcpus` the first number is that of the processors at the start. */
export function readSmp(arg: NativeArg, draft: NativeDraft): void {
  const bag = parseOption(arg.value, 'cpus');
  const given = takeTopology(bag);
  const cpus = bag.takeNumber('cpus');
  const maxcpus = bag.takeNumber('maxcpus');
  const topology = given && completed(given, maxcpus ?? cpus, prefersSockets(draft.machine));
  // Source: libvirt 4.5.0, qemu_parse_command.c, qemuParseCommandLineSmp: a whole topology says how many there can be.
  const maximum = maxcpus ?? (topology ? product(topology) : cpus);
  const current = cpus ?? maximum;
  if (current === undefined || maximum === undefined || current < 1 || maximum < current) {
    draft.error(arg, `'${arg.value}' of -smp is no number of processors`);
    return;
  }
  draft.sections.vcpus = maximum;
  if (maximum > current) draft.sections.vcpuPlacement = {current};
  if (topology) draft.sections.cpu = {...draft.sections.cpu, topology};
  draft.keepRest(arg, bag);
}

function takeTopology(bag: OptionBag): GivenTopology | undefined {
  const [sockets, dies, cores, threads] = ['sockets', 'dies', 'cores', 'threads'].map(key => bag.takeNumber(key));
  const isGiven = sockets ?? dies ?? cores ?? threads;
  return isGiven === undefined ? undefined : {sockets, dies: dies ?? 1, cores, threads};
}

function product({sockets, dies, cores, threads}: Topology): number {
  return sockets * dies * cores * threads;
}

/** What is missing goes to one kind, as in the emulator. Source: QEMU 7.2, hw/core/machine-smp.c, machine_parse_smp_config. */
function completed({sockets, dies, cores, threads}: GivenTopology, total: number | undefined, old: boolean): Topology {
  const first = old ? sockets : cores;
  const rest = {
    sockets: sockets ?? 1,
    dies,
    cores: cores ?? 1,
    threads: threads ?? 1,
  };
  if (total === undefined) return rest;
  const missing = Math.max(1, Math.floor(total / product(rest)));
  if (first === undefined) return {...rest, [old ? 'sockets' : 'cores']: missing};
  if ((old ? cores : sockets) === undefined) return {...rest, [old ? 'cores' : 'sockets']: missing};
  return threads === undefined ? {...rest, threads: missing} : rest;
}

/** The boards of before QEMU 6.2 make more sockets where the newer ones make more cores. Source: QEMU 6.2 change log. */
function prefersSockets(machine: string): boolean {
  const [, major, minor] = /-(\d{1,3})\.(\d{1,3})$/.exec(machine) ?? [];
  return major !== undefined && Number(major) * 100 + Number(minor) < 602;
}
