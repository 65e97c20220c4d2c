import {assertNever} from '../base/assert-never.ts';
import type {Problem} from '../base/problem.ts';

/** Who started a guest that is not this instance's, as far as its process shows. Names are outside text. */
export type GuestRunner =
  | {readonly is: 'libvirt'; readonly instance: 'system' | 'session' | 'unknown'}
  | {readonly is: 'proxmox'; readonly vmid: string}
  | {readonly is: 'quickemu'}
  | {readonly is: 'virtty'; readonly directory: string}
  | {readonly is: 'incus' | 'lxd' | 'lima' | 'multipass'}
  | {readonly is: 'container'; readonly engine: string; readonly name: string}
  | {readonly is: 'systemd'; readonly unit: string}
  /** `parent` is the program that started it, or that took it over; absent where that is not known any more. */
  | {readonly is: 'by hand'; readonly parent?: string};

/** What is known of a guest that something else on this host started, beyond what every domain has. */
export interface ForeignGuest {
  readonly runner: GuestRunner;
  readonly uid: number;
  /** The number as text where the host has no name for it. */
  readonly user: string;
  /** What its command line says; errors mean that there is no XML of it. */
  readonly problems: readonly Problem[];
  /** Whether its monitor can be used now; else the reason, as a sentence's part. Outside text. */
  readonly monitor: true | string;
  /** What is spoken on its monitor; absent where that cannot be used. */
  readonly protocol?: 'qmp' | 'hmp';
  /** The same for its first serial line. */
  readonly console: true | string;
}

/** What came of adopting a guest that others started. */
export interface AdoptResult {
  readonly name: string;
  readonly uuid: string;
  /** Absent when its running process was taken over; else why only the definition was made. */
  readonly notTakenOver?: string;
  /** What the taken-over run lacks against one that this instance started, a sentence each. */
  readonly lacks: readonly string[];
}

/** Who runs a guest, in few words: `Proxmox 100`, `systemd backup-vm.service`, `by hand (bash)`. Outside text. */
export function runnerWords(runner: GuestRunner): string {
  switch (runner.is) {
    case 'libvirt':
      return runner.instance === 'unknown' ? 'libvirt' : `libvirt (${runner.instance})`;
    case 'proxmox':
      return `Proxmox ${runner.vmid}`;
    case 'virtty':
      return `virtty in ${runner.directory}`;
    case 'incus':
      return 'Incus';
    case 'lxd':
      return 'LXD';
    case 'lima':
      return 'Lima';
    case 'multipass':
      return 'Multipass';
    case 'quickemu':
      return 'quickemu';
    case 'container':
      return `${runner.engine} ${runner.name}`;
    case 'systemd':
      return `systemd ${runner.unit}`;
    case 'by hand':
      return runner.parent === undefined ? 'by hand' : `by hand (${runner.parent})`;
    default:
      return assertNever(runner);
  }
}

/** Who started a guest and as whom, as a sentence without its end. Outside text. */
export function runnerSentence({runner, user}: Pick<ForeignGuest, 'runner' | 'user'>): string {
  return runner.is === 'by hand'
    ? `${user} started it ${runnerWords(runner)}`
    : `${runnerWords(runner)} runs it as ${user}`;
}
