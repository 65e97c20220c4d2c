import type {DomainState} from '../model/domain-state.ts';
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
  readonly confirm?: (name: string) => string;
  /** Why it cannot be done now, as a sentence; undefined when it can. */
  readonly guard: (domain: DomainSummary) => string | undefined;
  readonly run: (hypervisor: Hypervisor, name: string) => Promise<void>;
}

export type DomainActionId = 'start' | 'shutdown' | 'reboot' | 'reset' | 'destroy' | 'suspend' | 'resume' | 'undefine';

const ACTIVE: readonly DomainState['is'][] = ['running', 'paused', 'in shutdown', 'crashed', 'pmsuspended'];

/** A guard that lets through the states named. */
function when(...states: readonly DomainState['is'][]): (domain: DomainSummary) => string | undefined {
  return domain => (states.includes(domain.state.is) ? undefined : `domain '${domain.name}' is ${domain.state.is}`);
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
    guard: when('running'),
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
};
