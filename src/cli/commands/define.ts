import {formatProblem} from '../../base/problem.ts';
import {sanitiseUntrusted} from '../../base/sanitise.ts';
import {VirtError} from '../../base/virt-error.ts';
import type {DefineResult} from '../../model/hypervisor.ts';
import type {CliIo} from '../cli-io.ts';
import type {CommandContext} from '../command.ts';
import {jsonText} from '../format/json-text.ts';
import {printDone} from '../print.ts';
import {readTextFile} from '../read-text-file.ts';

const STDIN = '-';
/** More is no domain XML; reading goes no further. */
const MAX_BYTES = 10 * 1024 * 1024;

/** `virtty define FILE`: what is not understood in the XML is told on stderr, a line each. */
export async function run(context: CommandContext): Promise<void> {
  const file = context.args.word('file');
  const xml = file === STDIN ? await readInput(context.io) : await readTextFile(file, context.io.cwd);
  const hypervisor = await context.connect();
  const result = await hypervisor.domainDefineXml(xml);
  printWarnings(context.io, result);
  printDone(context, `Domain '${result.name}' defined from ${sanitiseUntrusted(file)}`);
  if (context.globals.json) context.io.out(jsonText(result));
}

function printWarnings(io: CliIo, {warnings}: DefineResult): void {
  for (const warning of warnings) io.err(`warning: ${sanitiseUntrusted(formatProblem(warning))}\n`);
}

async function readInput(io: CliIo): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of io.stdin) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > MAX_BYTES) throw new VirtError('XML_ERROR', 'DOMAIN', 'the standard input is longer than 10 MiB');
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}
