import {assertNever} from '../../base/assert-never.ts';
import {messageOf, VirtError} from '../../base/virt-error.ts';
import {readTextIfThere, removeFile, writeTextAtomically} from '../../host/files.ts';
import {isAlive, parseStat} from '../../host/proc.ts';
import {removeTree} from '../../host/remove-tree.ts';
import {signalProcess} from '../../host/signals.ts';
import {waitForChange} from '../../host/wait-for.ts';
import {removeGroup} from '../cgroup/own-group.ts';
import {releaseGrants} from '../grants/grant-files.ts';
import {clearFunction} from './describe-step.ts';
import type {TakeBack} from './host-step.ts';
import {runCommand} from './run-command.ts';

/** How long a helper may take to end after SIGTERM before it is killed. */
const TERM_TIMEOUT_MS = 2_000;

/** Writes down what a run will leave on the host. @throws {VirtError} SYSTEM_ERROR */
export async function writeTakeBacks(runDir: string, takeBacks: readonly TakeBack[]): Promise<void> {
  const record: TakeBackRecord = {bootId: await readBootId(), takeBacks};
  await writeTextAtomically(pathIn(runDir), JSON.stringify(record), {sync: false});
}

/**
 * Takes back everything that a run has left on the host; called when its emulator is gone, by whoever finds that out.
 * What is not there any more, or was made by somebody else since, is left alone.
 *
 * @returns a sentence for each thing that could not be taken back
 */
export async function takeBackAll(runDir: string): Promise<readonly string[]> {
  const record = decode(await readTextIfThere(pathIn(runDir)));
  const isSameBoot = record.bootId === (await readBootId());
  // When the host has been booted since, nothing of it is there but files and their owners.
  const left = record.takeBacks.filter(({what}) => isSameBoot || what === 'file' || what === 'grants');
  const failures: string[] = [];
  for (const takeBack of left) {
    try {
      await perform(takeBack);
    } catch (error) {
      failures.push(messageOf(error));
    }
  }
  return failures;
}

interface TakeBackRecord {
  /** Devices and processes live as long as the host does. */
  readonly bootId: string;
  readonly takeBacks: readonly TakeBack[];
}

function pathIn(runDir: string): string {
  return `${runDir}/take-back.json`;
}

async function readBootId(): Promise<string> {
  return (await readTextIfThere('/proc/sys/kernel/random/boot_id'))?.trim() ?? '';
}

/** The file is our own, replaced atomically: what is no such text is as if there were none. */
function decode(text: string | undefined): TakeBackRecord {
  const nothing = {bootId: '', takeBacks: []};
  if (text === undefined) return nothing;
  try {
    return JSON.parse(text) as TakeBackRecord;
  } catch {
    return nothing; // cut short by a crash of the host
  }
}

async function perform(takeBack: TakeBack): Promise<void> {
  switch (takeBack.what) {
    case 'link': {
      const {dev, mark, ip} = takeBack;
      if (!(await bearsMark(dev, mark))) return;
      return runCommand(`remove the network device '${dev}'`, {program: ip, args: ['link', 'delete', 'dev', dev]});
    }
    case 'script': {
      const {dev, mark, path} = takeBack;
      if (!(await bearsMark(dev, mark))) return;
      return runCommand(`run the script of the network device '${dev}'`, {program: path, args: [dev]});
    }
    case 'address': {
      const {dev, address, ip} = takeBack;
      const args = ['link', 'set', 'dev', dev, 'address', address];
      return runCommand(`give the network device '${dev}' its address again`, {program: ip, args});
    }
    case 'virtual-function':
      return runCommand(`clear virtual function ${takeBack.number} of '${takeBack.parent}'`, clearFunction(takeBack));
    case 'directory':
      return removeTree(takeBack.path);
    case 'process':
      return endProcess(takeBack.pidFile);
    case 'grants':
      return giveBack(takeBack);
    case 'file':
      return removeFile(takeBack.path);
    case 'cgroup':
      return removeGroup(takeBack.path);
    default:
      return assertNever(takeBack);
  }
}

/** @throws {VirtError} OPERATION_FAILED naming each file that is left as it is */
async function giveBack({registry, user}: Extract<TakeBack, {readonly what: 'grants'}>): Promise<void> {
  const left = await releaseGrants(registry, user);
  if (left.length > 0) throw new VirtError('OPERATION_FAILED', 'SECURITY', left.join('; '));
}

/** Its alias says who made a device: another one of the same name is not touched. */
async function bearsMark(dev: string, mark: string): Promise<boolean> {
  return (await readTextIfThere(`/sys/class/net/${dev}/ifalias`))?.trimEnd() === mark;
}

async function endProcess(pidFile: string): Promise<void> {
  const identity = parseStat((await readTextIfThere(pidFile)) ?? '');
  if (!identity) return;
  const gone = async () => (isAlive(identity) ? undefined : true);
  if (!signalProcess(identity, 'SIGTERM')) return;
  if (await waitForChange('/proc', gone, {timeoutMs: TERM_TIMEOUT_MS})) return;
  signalProcess(identity, 'SIGKILL');
  await waitForChange('/proc', gone, {timeoutMs: TERM_TIMEOUT_MS});
}
