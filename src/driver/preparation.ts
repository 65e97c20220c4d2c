import type {HostAnswers} from './argv/argv-input.ts';
import type {HostStep, TakeBack} from './host-steps/host-step.ts';

/** A file that the emulator inherits open, under a number that its command line names. */
export interface HandedFile {
  readonly fd: number;
  /** `macvtap`: the character device of that network device, whose number is known only when it is there. */
  readonly from: {readonly path: string} | {readonly macvtap: string};
}

/** What the emulator is told over QMP, once its machine is built and before its guest runs. */
export interface MonitorCommand {
  readonly execute: string;
  readonly arguments: {readonly [key: string]: string | number | boolean};
}

/** What a definition needs of the host besides its files: decided before anything is done. */
export interface Preparation {
  readonly answers: HostAnswers;
  readonly steps: readonly HostStep[];
  /** What the steps leave there, in the order in which it is taken back. */
  readonly takeBacks: readonly TakeBack[];
  readonly handedFiles: readonly HandedFile[];
  readonly monitorCommands: readonly MonitorCommand[];
  /** Parts of the definition that the guest does not get, as elements. */
  readonly leftOut: readonly string[];
  /** Worth knowing of a start that succeeds. */
  readonly warnings: readonly string[];
}

/** The first number of a file that is handed over: after the standard ones. */
export const FIRST_HANDED_FD = 3;

export const NO_PREPARATION: Preparation = {
  answers: {},
  steps: [],
  takeBacks: [],
  handedFiles: [],
  monitorCommands: [],
  leftOut: [],
  warnings: [],
};

/** All of some preparations, one after the other; what they leave is taken back in the opposite order. */
export function mergePreparations(all: readonly Preparation[]): Preparation {
  return {
    answers: Object.assign({}, ...all.map(({answers}) => answers)),
    steps: all.flatMap(({steps}) => steps),
    takeBacks: all.toReversed().flatMap(({takeBacks}) => takeBacks),
    handedFiles: all.flatMap(({handedFiles}) => handedFiles),
    monitorCommands: all.flatMap(({monitorCommands}) => monitorCommands),
    leftOut: all.flatMap(({leftOut}) => leftOut),
    warnings: all.flatMap(({warnings}) => warnings),
  };
}
