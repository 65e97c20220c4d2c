import {statSync} from 'node:fs';
import {VirtError} from '../base/virt-error.ts';
import {isAlive} from '../host/proc.ts';
import {readProcessCommand} from '../host/process-command.ts';
import {readAccountNames} from '../host/users.ts';
import type {DomainDef} from '../model/domain-def.ts';
import type {PlannedStep, StartPlan} from '../model/start-plan.ts';
import {groupWords} from './argv/group-words.ts';
import {formatCommandLine} from './argv/quote-for-display.ts';
import {describeStart, ONE_OPTION_A_LINE} from './describe-start.ts';
import type {Domain} from './domain.ts';
import type {FileOwner} from './host-steps/host-step.ts';
import type {LiveStatus} from './live-status.ts';
import {planStart, type StartContext} from './start-domain.ts';

/**
 * The command line of a domain to look at: the running process's own words, else what a start would use now. A planned
 * one names the ports and devices that are free now, and has what is done on the host before as comments; nothing is
 * started, reserved or written.
 *
 * @throws {VirtError} CONFIG_UNSUPPORTED for what the emulator cannot do, OPERATION_FAILED when the process is gone
 */
export async function nativeCommandLine(domain: Domain, startContext: () => Promise<StartContext>): Promise<string> {
  const {live} = domain;
  if (live) return runningCommandLine(live);
  const {def} = domain.parts;
  if (!def) throw new Error(`domain '${domain.name}' neither runs nor has a definition`);
  const context = await startContext();
  // Whoever runs the line by hand has a control group and a label already, and the rights that they have.
  const settings = {
    ...context.settings,
    deviceLists: 'off' as const,
    dynamicOwnership: false,
    securityDrivers: ['none'],
    requireConfined: false,
  };
  const seclabels = def.seclabels?.filter(({model}) => model === 'dac');
  const plan = await startPlan({...def, ...(seclabels ? {seclabels} : {})}, {...context, settings});
  return [...plan.steps.filter(isOfInterest).map(asComment), plan.commandLine].join('\n');
}

/**
 * What a start would do now; nothing is started, reserved or written.
 *
 * @throws {VirtError} as the start would
 */
export async function startPlan(def: DomainDef, context: StartContext): Promise<StartPlan> {
  const planned = await planStart(def, context);
  context.ports.release(planned.ports);
  return describeStart(planned, {names: await readAccountNames(), ownerOf});
}

function ownerOf(path: string): FileOwner | undefined {
  try {
    return statSync(path, {throwIfNoEntry: false});
  } catch {
    return undefined; // root may not look everywhere either
  }
}

/** What is done on the host before; the driver's own files are of no interest. */
function isOfInterest({kind}: PlannedStep): boolean {
  return kind === 'run' || kind === 'start-helper' || kind === 'write-take-backs';
}

function asComment({command}: PlannedStep): string {
  return `# ${command.replace(/^# /, '').replaceAll('\n', '\n# ')}`;
}

async function runningCommandLine({emulator, name}: LiveStatus): Promise<string> {
  const command = isAlive(emulator) ? await readProcessCommand(emulator.pid) : undefined;
  const [executable, ...args] = command?.words ?? [];
  if (executable === undefined) {
    const message = `cannot read the command line of domain '${name}': its process ${emulator.pid} has ended`;
    throw new VirtError('OPERATION_FAILED', 'QEMU', message, {hint: 'try again: it is shut off in a moment'});
  }
  return formatCommandLine(executable, groupWords(args), ONE_OPTION_A_LINE);
}
