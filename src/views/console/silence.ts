import {formatSpan} from '../../base/format-units.ts';
import {sanitiseUntrusted} from '../../base/sanitise.ts';
import type {OutputFacts} from '../../ui/terminal/output-watch.ts';

/** What a domain's definition says of the guest's kernel line. */
export type KernelLine =
  /** Not known yet, or not to be read. */
  | {readonly is: 'unknown'}
  /** The guest's own boot loader starts the kernel. */
  | {readonly is: "guest's own"}
  /** `console` is what it names last. */
  | {readonly is: 'given'; readonly console: string | undefined};

/** What is known of a console on which nothing is to be seen. */
export interface SilenceFacts {
  readonly output: OutputFacts;
  /** Since when nothing has come, as a span. */
  readonly silentMs: number;
  readonly kernelLine: KernelLine;
  readonly isLive: boolean;
  /** Alias of the device, e.g. `serial0`. */
  readonly alias: string;
  /** As the keyboard has them. */
  readonly keys: {readonly newline: string; readonly leave: string; readonly isTyping: boolean};
}

/** Why nothing may be to be seen, and what can be tried: one sentence each. */
export function silenceSentences(facts: SilenceFacts): readonly string[] {
  const {output, silentMs, isLive} = facts;
  if (!isLive) {
    return [output.bytes === 0 ? 'The guest is off and has printed nothing here.' : 'The guest is off.'];
  }
  const span = formatSpan(silentMs);
  const bytes = `${output.bytes} ${output.bytes === 1 ? 'byte' : 'bytes'}`;
  return [
    output.bytes === 0
      ? `Nothing has come from the guest for ${span}, not one byte since it was started.`
      : `Nothing has come from the guest for ${span}; ${bytes} since it was started, and nothing of them is to be seen.`,
    kernelSentence(facts),
    output.loginSeen ? 'A login prompt was seen.' : 'No login prompt was seen.',
    newlineSentence(facts),
  ].filter(sentence => sentence !== '');
}

function kernelSentence({output, kernelLine, alias}: SilenceFacts): string {
  const seen = output.kernelConsole;
  const wanted = `console=${linuxName(alias)}`;
  if (seen !== undefined) return `Its kernel was started with console=${seen}.`;
  switch (kernelLine.is) {
    case 'given':
      return kernelLine.console === undefined
        ? `Its kernel line (<cmdline>) names no console: ${wanted} there makes the kernel print here.`
        : `Its kernel line names console=${sanitiseUntrusted(kernelLine.console)}.`;
    case "guest's own":
      return `Its own boot loader gives the kernel line: ${wanted} there makes a Linux kernel print here.`;
    case 'unknown':
      return '';
  }
}

/** How Linux on a PC calls the line: serial ports `ttyS0`, `ttyS1`, virtio consoles `hvc0`. */
function linuxName(alias: string): string {
  const number = /\d+$/.exec(alias)?.[0] ?? '0';
  return alias.startsWith('serial') ? `ttyS${number}` : `hvc${number}`;
}

function newlineSentence({keys}: SilenceFacts): string {
  return keys.isTyping
    ? `Enter sends a newline: a getty that waits answers. ${keys.leave} leaves.`
    : `${keys.newline} sends a newline: a getty that waits answers.`;
}
