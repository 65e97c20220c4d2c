import {VirtError} from '../base/virt-error.ts';
import {isAlive} from '../host/proc.ts';
import {readProcessCommand} from '../host/process-command.ts';
import {groupWords} from './argv/group-words.ts';
import {formatCommandLine} from './argv/quote-for-display.ts';
import type {Domain} from './domain.ts';
import {describeStep} from './host-steps/describe-step.ts';
import type {HostStep} from './host-steps/host-step.ts';
import type {LiveStatus} from './live-status.ts';
import {planStart, type StartContext} from './start-domain.ts';

/** So narrow that every option gets a line of its own. */
const ONE_OPTION_A_LINE = 0;

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
  const {plan, ports} = await planStart(def, context);
  context.ports.release(ports);
  const line = formatCommandLine(plan.executable, plan.args, ONE_OPTION_A_LINE);
  return [...plan.steps.filter(isOfInterest).map(asComment), line].join('\n');
}

/** What is done on the host before; the driver's own files are of no interest. */
function isOfInterest({do: does}: HostStep): boolean {
  return does === 'run' || does === 'start-helper' || does === 'write-take-backs';
}

function asComment(step: HostStep): string {
  return `# ${describeStep(step).replace(/^# /, '').replaceAll('\n', '\n# ')}`;
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
