import {type PipedChild, spawnPiped} from '../../host/piped-child.ts';
import type {EmulatorCaps} from '../../model/capabilities.ts';
import {archOfTarget, isXenner} from '../../model/emulator-arch.ts';
import {readCpuList} from './cpu-list.ts';
import {capsOfHelpText} from './help-caps.ts';
import {ASKED_DEVICES} from './help-rules.ts';
import {answersQmp, looksLikeHelp, MAX_HELP_CHARS, readDeviceText, readHelpText} from './help-text.ts';
import {readMachineList} from './machine-list.ts';

/** `-help` came with 0.9.0; what 0.8 says to `-h` it says to it too. */
const QUESTIONS = ['-help', '-h'];

/** Names that say no target: those of the days when each program had one. */
const ARCH_OF_NAME: Readonly<Record<string, string>> = {
  qemu: 'i686',
  kvm: 'x86_64',
  'qemu-kvm': 'x86_64',
  xenner: 'x86_64',
};

/**
 * Asks a program that answers no QMP for its help, its boards, its processors and, from 0.12 on, its devices.
 *
 * @returns its capabilities, when it is an emulator of before QEMU 1.2; undefined for anything else
 */
export async function probeByHelp(path: string, signal: AbortSignal): Promise<EmulatorCaps | undefined> {
  const arch = archOfName(path);
  if (arch === undefined) return undefined;
  for (const question of QUESTIONS) {
    const {output} = await printed(path, [question], signal);
    if (!looksLikeHelp(output)) continue;
    if (answersQmp(output)) return undefined; // then something is wrong with it
    return askDetails(path, output, arch, signal);
  }
  return undefined;
}

/** Each question is a start of its own: what these emulators do with several is not always to end. */
async function askDetails(path: string, help: string, arch: string, signal: AbortSignal): Promise<EmulatorCaps> {
  const {options} = readHelpText(help);
  const machines = await printed(path, ['-M', '?'], signal);
  const cpus = options.has('cpu') ? (await printed(path, ['-cpu', '?'], signal)).output : '';
  const caps = capsOfHelpText(help, arch, options.has('device') ? await askDevices(path, signal) : '');
  const asked = {...caps, machines: readMachineList(machines.output), cpuModels: readCpuList(cpus)};
  return isXenner(path) ? asXenner(asked) : asked;
}

/** It has one board and runs on KVM, which it does not say. Source: libvirt 0.7.1, src/qemu_conf.c, arch_info_xen. */
function asXenner(caps: EmulatorCaps): EmulatorCaps {
  const board = {name: 'xenner', isDefault: true, deprecated: false, maxCpus: 1};
  return {...caps, kvmBuiltIn: true, machines: caps.machines.length > 0 ? caps.machines : [board]};
}

/** Only devices that it has are asked about: for another one it would start a guest. */
async function askDevices(path: string, signal: AbortSignal): Promise<string> {
  const list = textOf(await printed(path, ['-device', '?'], signal));
  const {devices} = readDeviceText(list);
  const texts = [list];
  for (const device of ASKED_DEVICES.filter(name => devices.has(name))) {
    texts.push(textOf(await printed(path, ['-device', `${device},?`], signal)));
  }
  return texts.join('\n');
}

function archOfName(path: string): string | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const target = /^qemu-system-(.+)$/.exec(name)?.[1];
  return target === undefined ? ARCH_OF_NAME[name] : archOfTarget(target);
}

interface Printed {
  readonly output: string;
  /** What it wrote to its standard error, where `-device ?` is answered. */
  readonly errors: string;
}

function textOf({output, errors}: Printed): string {
  return `${output}\n${errors}`;
}

async function printed(path: string, args: readonly string[], signal: AbortSignal): Promise<Printed> {
  if (signal.aborted) return {output: '', errors: ''};
  const child = spawnPiped(path, args);
  const kill = () => child.kill();
  signal.addEventListener('abort', kill, {once: true});
  try {
    const output = await readOutput(child);
    if (output.length <= MAX_HELP_CHARS) await child.ended; // its standard error may end later
    return {output, errors: child.errorOutput()};
  } finally {
    signal.removeEventListener('abort', kill);
    child.kill();
    child.stream.destroy();
  }
}

/** Standard output until its end, or as much as a help text may have. */
async function readOutput(child: PipedChild): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of child.stream) {
    chunks.push(Buffer.from(chunk));
    size += chunk.length;
    if (size > MAX_HELP_CHARS) break;
  }
  return Buffer.concat(chunks).toString('utf8');
}
