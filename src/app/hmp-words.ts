/** The words of an emulator's human monitor. */
export interface HmpWords {
  /** Sorted; every name of a command that has several. */
  readonly commands: readonly string[];
  /** What `info` shows, sorted. */
  readonly infos: readonly string[];
}

/** Words that may stand at the end of a line. */
export interface WordOffers {
  /** What stays of the line in front of them. */
  readonly head: string;
  /** Each begins with what is typed of the last word; sorted. */
  readonly offers: readonly string[];
  /** What comes behind the word when it is the only one. */
  readonly suffix: string;
}

/** What a monitor command takes as its first words besides options. */
export type HmpArgument = 'command' | 'info' | 'device' | 'block';

const ARGUMENTS: Readonly<Record<string, HmpArgument>> = {
  help: 'command',
  '?': 'command',
  info: 'info',
  device_del: 'device',
  block_job_cancel: 'block',
  block_job_complete: 'block',
  block_job_pause: 'block',
  block_job_resume: 'block',
  block_job_set_speed: 'block',
  block_resize: 'block',
  block_set_io_throttle: 'block',
  block_stream: 'block',
  change: 'block',
  commit: 'block',
  drive_backup: 'block',
  drive_del: 'block',
  drive_mirror: 'block',
  eject: 'block',
  'qemu-io': 'block',
  snapshot_blkdev: 'block',
  snapshot_blkdev_internal: 'block',
  snapshot_delete_blkdev_internal: 'block',
};

/**
 * Reads the words from the monitor's own help: `help` and `help info`, a command on each line, `NAME|OTHER ARGUMENTS -- what
 * it does`, where the arguments and the end may go on over indented lines.
 *
 * @see QEMU 7.2, monitor/hmp.c, help_cmd_dump
 */
export function parseHmpWords(help: string, info: string): HmpWords {
  const commands = lineHeads(help, /^([a-z_?][\w?|-]*)(?= |$)/i);
  return {
    commands: sorted(commands.flatMap(names => names.split('|'))),
    infos: sorted(lineHeads(info, /^info ([\w-]+)/)),
  };
}

/** What is being typed at the end of a line of the human monitor; undefined where nothing is known about it. */
export function hmpArgumentAt(line: string): HmpArgument | undefined {
  const words = line.trimStart().split(/ +/);
  if (words.length === 1) return 'command';
  const [command = '', ...others] = words;
  const argument = Object.hasOwn(ARGUMENTS, command) ? ARGUMENTS[command] : undefined;
  const typed = others.slice(0, -1).filter(word => !word.startsWith('-'));
  if (typed.length === 0) return argument;
  return typed.length === 1 && typed[0] === 'info' && argument === 'command' ? 'info' : undefined;
}

/** The last word of a line, completed by the names given. */
export function completeWord(line: string, names: readonly string[]): WordOffers {
  const at = line.lastIndexOf(' ') + 1;
  const start = line.slice(at);
  return {head: line.slice(0, at), offers: sorted(names.filter(name => name.startsWith(start))), suffix: ' '};
}

function lineHeads(text: string, pattern: RegExp): readonly string[] {
  return text.split(/\r?\n/).flatMap(line => pattern.exec(line)?.[1] ?? []);
}

function sorted(names: readonly string[]): readonly string[] {
  return [...new Set(names)].toSorted();
}
