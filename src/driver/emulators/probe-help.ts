import {type PipedChild, spawnPiped} from '../../host/piped-child.ts';
import type {EmulatorCaps} from '../../model/capabilities.ts';
import {archOfTarget} from '../../model/emulator-arch.ts';
import {capsOfHelpText} from './help-caps.ts';
import {looksLikeHelp, MAX_HELP_CHARS, readHelpText} from './help-text.ts';
import {readMachineList} from './machine-list.ts';

/** `-help` came with 0.9.1; what 0.8 says to `-h` it says to it too. */
const QUESTIONS = ['-help', '-h'];

/** Names that say no target: those of the days when each program had one. */
const ARCH_OF_NAME: Readonly<Record<string, string>> = {
  qemu: 'i686',
  kvm: 'x86_64',
  'qemu-kvm': 'x86_64',
  xenner: 'x86_64',
};

/**
 * Asks a program that answers no QMP for its help and its boards.
 *
 * @returns its capabilities, when it is an emulator of before QEMU 1.2; undefined for anything else
 */
export async function probeByHelp(path: string, signal: AbortSignal): Promise<EmulatorCaps | undefined> {
  const arch = archOfName(path);
  if (arch === undefined) return undefined;
  for (const question of QUESTIONS) {
    const text = await outputOf(path, [question], signal);
    if (!looksLikeHelp(text)) continue;
    if (!isOld(text)) return undefined;
    return {...capsOfHelpText(text, arch), machines: readMachineList(await outputOf(path, ['-M', '?'], signal))};
  }
  return undefined;
}

/** QEMU 1.2 answers QMP without a machine, and is the first with this option: if it did not, something is wrong with it. */
function isOld(text: string): boolean {
  return !readHelpText(text).options.has('sandbox');
}

function archOfName(path: string): string | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const target = /^qemu-system-(.+)$/.exec(name)?.[1];
  return target === undefined ? ARCH_OF_NAME[name] : archOfTarget(target);
}

async function outputOf(path: string, args: readonly string[], signal: AbortSignal): Promise<string> {
  if (signal.aborted) return '';
  const child = spawnPiped(path, args);
  const kill = () => child.kill();
  signal.addEventListener('abort', kill, {once: true});
  try {
    return await readOutput(child);
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
