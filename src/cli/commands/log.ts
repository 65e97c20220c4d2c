import {sanitiseUntrusted} from '../../base/sanitise.ts';
import type {Hypervisor} from '../../model/hypervisor.ts';
import type {CommandContext} from '../command.ts';
import type {CommandArgs} from '../command-args.ts';
import {formatTimedLine, type TimedLine, timedLineJson} from '../console/timed-lines.ts';
import {contextDomain} from '../context-domain.ts';
import {followLog, readLogHistory} from '../follow-log.ts';
import {linesOfBoot, linesSince, parseSince, timedLinesSince} from '../log-lines.ts';
import {printData} from '../print.ts';
import {UsageError} from '../usage-error.ts';

const DEFAULT_LINES = 50;
/** So much of a log is looked through. */
const MAX_LINES = 1_000_000;

/** What of a log is wanted. */
interface LogWish {
  readonly lines: number;
  /** `''` for the first serial line or console, undefined for the emulator's log. */
  readonly console: string | undefined;
  readonly boot: 0 | -1 | undefined;
  readonly sinceMs: number | undefined;
  readonly follow: boolean;
  readonly timestamps: boolean;
}

/** `virtty log DOMAIN`: the newest lines of the emulator's log or of a serial line, oldest first. */
export async function run(context: CommandContext): Promise<void> {
  const wish = readWish(context.args);
  if (wish.follow && context.globals.json) throw new UsageError('options --follow and --json do not go together');
  const {hypervisor, domain} = await contextDomain(context);
  if (wish.console !== undefined || wish.follow) return printStream(context, hypervisor, domain.name, wish);
  const isCut = wish.boot !== undefined || wish.sinceMs !== undefined;
  const lines = await hypervisor.domainLog(domain.name, {lines: isCut ? MAX_LINES : wish.lines});
  printLines(context, choose(lines, wish));
}

async function printStream(
  context: CommandContext,
  hypervisor: Hypervisor,
  domain: string,
  wish: LogWish,
): Promise<void> {
  const stream = await hypervisor.domainOpenLog(domain, {
    ...(wish.console === undefined ? {} : {console: wish.console === '' ? true : wish.console}),
    ...(wish.boot === undefined ? {} : {boot: wish.boot}),
  });
  try {
    const {lines, reader} = await readLogHistory(stream);
    const format = wish.timestamps ? formatTimedLine : ({text}: TimedLine) => text;
    const all = wish.follow || !reader.openLine ? lines : [...lines, reader.openLine];
    printTimedLines(context, chooseTimed(all, wish), format);
    if (wish.follow) await followLog(stream, {reader, format, io: context.io});
  } finally {
    stream.dispose();
  }
}

/** Of a serial line the times are beside its log; in an emulator's log they stand in the lines. */
function chooseTimed(lines: readonly TimedLine[], wish: LogWish): readonly TimedLine[] {
  const {console, sinceMs, lines: count} = wish;
  if (console === undefined) {
    const texts = choose(
      lines.map(({text}) => text),
      wish,
    );
    return texts.map(text => ({text}));
  }
  return timedLinesSince(lines, sinceMs ?? Number.NEGATIVE_INFINITY).slice(-count);
}

/** With times, JSON has each line as an object with its `at` or `before` in ISO 8601. */
function printTimedLines(
  context: CommandContext,
  lines: readonly TimedLine[],
  format: (line: TimedLine) => string,
): void {
  const json = lines.map(line => (format === formatTimedLine ? timedLineJson(line) : line.text));
  printData(context, lines.map(line => `${sanitiseUntrusted(format(line))}\n`).join(''), json);
}

/** The rotation has done it for a serial line; an emulator's log has all runs in one. */
function choose(lines: readonly string[], {console, boot, sinceMs, lines: count}: LogWish): readonly string[] {
  const run = console === undefined && boot !== undefined ? linesOfBoot(lines, boot) : lines;
  return (sinceMs === undefined ? run : linesSince(run, sinceMs)).slice(-count);
}

function printLines(context: CommandContext, lines: readonly string[]): void {
  printData(context, lines.map(line => `${sanitiseUntrusted(line)}\n`).join(''), lines);
}

/** @throws {UsageError} for options that do not go together */
function readWish(args: CommandArgs): LogWish {
  const since = args.value('since');
  const boot = readBoot(args.value('boot'));
  const follow = args.has('follow');
  const console = args.value('console');
  const timestamps = args.has('timestamps');
  if (timestamps && console === undefined) {
    throw new UsageError(
      'option --timestamps needs --console',
      "the emulator's own log has times in its lines; --console is what a serial line said",
    );
  }
  if (follow && boot === -1) throw new UsageError('options --follow and --boot -1 do not go together');
  const isCut = since !== undefined || boot !== undefined;
  return {
    console,
    boot,
    follow,
    timestamps,
    sinceMs: since === undefined ? undefined : parseSince(since, Date.now()),
    lines: args.count('lines') ?? (isCut ? MAX_LINES : DEFAULT_LINES),
  };
}

function readBoot(text: string | undefined): 0 | -1 | undefined {
  if (text === undefined) return undefined;
  if (text === '0') return 0;
  if (text === '-1') return -1;
  throw new UsageError(`option --boot: '${text}' is neither 0, the last boot, nor -1, the one before`);
}
