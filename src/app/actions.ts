import type {DomainState} from '../model/domain-state.ts';
import {type ForeignGuest, runnerSentence} from '../model/foreign-guest.ts';
import type {KeyChord} from '../model/guest-keys.ts';
import type {DomainSummary, Hypervisor} from '../model/hypervisor.ts';

/** Something that can be done to a domain; the screen and the command line both do it through here. */
export interface DomainAction {
  readonly id: DomainActionId;
  /** As a menu names it. */
  readonly title: string;
  /** One sentence for the help. */
  readonly help: string;
  /** While it runs, e.g. `starting`. */
  readonly doing: string;
  /** What is said when it is done, as virsh says it. */
  readonly done: (name: string) => string;
  /** Asked before it is done, where it can lose something. */
  readonly confirm?: (name: string, domain?: DomainSummary) => string;
  /** Why it cannot be done to a domain of this instance now, as a sentence; undefined when it can. */
  readonly guard: (domain: DomainSummary) => string | undefined;
  readonly run: (hypervisor: Hypervisor, name: string) => Promise<void>;
}

export type DomainActionId =
  | 'start'
  | 'shutdown'
  | 'reboot'
  | 'reset'
  | 'destroy'
  | 'suspend'
  | 'resume'
  | 'eject'
  | 'undefine'
  | 'adopt'
  | KeysActionId;

/** What presses keys on the guest's keyboard. */
export type KeysActionId = 'ctrl-alt-del' | 'sysrq-w' | 'sysrq-s' | 'sysrq-u' | 'sysrq-b';

const ACTIVE: readonly DomainState['is'][] = ['running', 'paused', 'in shutdown', 'crashed', 'pmsuspended'];

/** A guard that lets through the states named. */
function when(...states: readonly DomainState['is'][]): (domain: DomainSummary) => string | undefined {
  return domain => (states.includes(domain.state.is) ? undefined : `domain '${domain.name}' is ${domain.state.is}`);
}

/** Why an action cannot be done to a domain as it is, as a sentence; undefined when it can. */
export function refusalOf(action: DomainAction, domain: DomainSummary): string | undefined {
  if (domain.foreign && action.id !== 'adopt') return `adopt it first: ${runnerSentence(domain.foreign)}`;
  return action.guard(domain);
}

/** Over a text monitor nobody can say what becomes of a power-off. */
function withoutReboot({name, textMonitor}: DomainSummary): string | undefined {
  if (!textMonitor) return undefined;
  return `the emulator of '${name}' cannot make a restart of a power-off: reset it, or shut it down and start it again`;
}

/** An action that presses keys together; a guest that stands still takes none. */
function pressing(
  id: KeysActionId,
  title: string,
  chord: KeyChord,
  help: string,
): Omit<DomainAction, 'id'> & {readonly id: KeysActionId} {
  return {
    id,
    title,
    help,
    doing: `pressing ${title}`,
    done: name => `${title} pressed on domain '${name}'`,
    guard: when('running', 'in shutdown', 'pmsuspended'),
    run: (hypervisor, name) => hypervisor.domainSendKeys(name, [chord]),
  };
}

/** Linux's keys for what nothing else reaches any more. Source: Linux, Documentation/admin-guide/sysrq.rst. */
function sysrq(letter: 'w' | 's' | 'u' | 'b', help: string): DomainAction {
  return pressing(`sysrq-${letter}`, `SysRq ${letter.toUpperCase()}`, ['alt', 'sysrq', letter], help);
}

/** Every action on a domain, in the order in which menus and help show them. */
export const DOMAIN_ACTIONS: Readonly<Record<DomainActionId, DomainAction>> = {
  start: {
    id: 'start',
    title: 'Start',
    help: 'start a domain that is shut off',
    doing: 'starting',
    done: name => `Domain '${name}' started`,
    guard: when('shut off'),
    run: (hypervisor, name) => hypervisor.domainCreate(name),
  },
  shutdown: {
    id: 'shutdown',
    title: 'Shut down',
    help: 'press the power button: the guest decides',
    doing: 'asking to shut down',
    done: name => `Domain '${name}' is being shutdown`,
    guard: when('running', 'in shutdown'),
    run: (hypervisor, name) => hypervisor.domainShutdown(name),
  },
  reboot: {
    id: 'reboot',
    title: 'Reboot',
    help: 'press the power button, then start again',
    doing: 'asking to reboot',
    done: name => `Domain '${name}' is being rebooted`,
    guard: domain => when('running')(domain) ?? withoutReboot(domain),
    run: (hypervisor, name) => hypervisor.domainReboot(name),
  },
  reset: {
    id: 'reset',
    title: 'Reset',
    help: 'press the reset button: the guest is not asked',
    doing: 'resetting',
    done: name => `Domain '${name}' was reset`,
    confirm: name => `Reset '${name}'? The guest is not asked; what it has not written to disk is lost.`,
    guard: when('running', 'paused', 'crashed', 'in shutdown'),
    run: (hypervisor, name) => hypervisor.domainReset(name),
  },
  destroy: {
    id: 'destroy',
    title: 'Force off',
    help: 'pull the plug: the guest is not asked',
    doing: 'forcing off',
    done: name => `Domain '${name}' destroyed`,
    confirm: name => `Force '${name}' off? The guest is not asked; what it has not written to disk is lost.`,
    guard: when(...ACTIVE),
    run: (hypervisor, name) => hypervisor.domainDestroy(name),
  },
  suspend: {
    id: 'suspend',
    title: 'Pause',
    help: 'stop its processors; memory stays',
    doing: 'pausing',
    done: name => `Domain '${name}' suspended`,
    guard: when('running', 'in shutdown'),
    run: (hypervisor, name) => hypervisor.domainSuspend(name),
  },
  resume: {
    id: 'resume',
    title: 'Resume',
    help: 'let a paused domain go on',
    doing: 'resuming',
    done: name => `Domain '${name}' resumed`,
    guard: when('paused', 'pmsuspended'),
    run: (hypervisor, name) => hypervisor.domainResume(name),
  },
  eject: {
    id: 'eject',
    title: 'Eject medium',
    help: 'take the medium out of its CD-ROM or floppy drive',
    doing: 'ejecting',
    done: name => `The medium of domain '${name}' was ejected`,
    guard: when('running', 'paused', 'in shutdown', 'shut off'),
    run: (hypervisor, name) => hypervisor.domainChangeMedia(name, undefined, {does: 'eject'}),
  },
  undefine: {
    id: 'undefine',
    title: 'Undefine',
    help: 'remove the definition; disks stay',
    doing: 'undefining',
    done: name => `Domain '${name}' has been undefined`,
    confirm: name => `Remove the definition of '${name}'? Its disks stay.`,
    guard: () => undefined,
    run: (hypervisor, name) => hypervisor.domainUndefine(name),
  },
  adopt: {
    id: 'adopt',
    title: 'Adopt',
    help: 'make a guest that others started a domain of this instance',
    doing: 'adopting',
    done: name => `'${name}' has become a domain of this instance`,
    confirm: (name, domain) => adoptQuestion(name, domain?.foreign),
    guard: domain => (domain.foreign ? undefined : `domain '${domain.name}' is this instance's already`),
    run: async (hypervisor, name) => void (await hypervisor.domainAdopt(name)),
  },
  'ctrl-alt-del': {
    ...pressing(
      'ctrl-alt-del',
      'Ctrl-Alt-Del',
      ['ctrl', 'alt', 'delete'],
      "press Ctrl-Alt-Del on the guest's keyboard",
    ),
    confirm: name => `Press Ctrl-Alt-Del on '${name}'? Many guests reboot at that.`,
  },
  'sysrq-w': sysrq('w', 'press Alt-SysRq-W: Linux shows tasks that are blocked'),
  'sysrq-s': sysrq('s', 'press Alt-SysRq-S: Linux writes its file systems to disk'),
  'sysrq-u': sysrq('u', 'press Alt-SysRq-U: Linux mounts its file systems read-only'),
  'sysrq-b': {
    ...sysrq('b', 'press Alt-SysRq-B: Linux reboots at once'),
    confirm: name => `Press Alt-SysRq-B on '${name}'? Linux reboots at once; what is not on disk is lost.`,
  },
};

function adoptQuestion(name: string, foreign: ForeignGuest | undefined): string {
  const takes =
    foreign?.monitor === true
      ? 'This instance takes its monitor and manages it from now on.'
      : `Only its definition is made, since ${foreign?.monitor ?? 'it cannot be reached'}.`;
  return `Adopt '${name}'? ${foreign ? `${runnerSentence(foreign)}. ` : ''}${takes}`;
}
