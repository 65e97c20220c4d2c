import {sanitiseLines, sanitiseUntrusted} from '../../base/sanitise.ts';
import type {GivenEmulator} from '../../driver/convert/open-conversion.ts';
import type {CommandContext} from '../command.ts';
import {chooseUri, resolveAddress} from '../connect.ts';
import {findDomain} from '../find-domain.ts';
import {printData} from '../print.ts';
import {readTextFile} from '../read-text-file.ts';
import {readXmlText} from '../read-xml-text.ts';
import {UsageError} from '../usage-error.ts';

const FORMATS = ['qemu-argv'];

/** `virtty domxml-to-native qemu-argv FILE | --domain NAME`: what the line leaves out is told on stderr, a line each. */
export async function run(context: CommandContext): Promise<void> {
  const {args, io, globals, spec} = context;
  checkFormat(args.word('format'));
  if (args.has('plan')) return printPlan(context);
  const xml = await readDomainXml(context);
  const given = await readGivenEmulator(context);
  const {conversionContext} = await import('../../driver/convert/open-conversion.ts');
  const {domainToNative} = await import('../../driver/convert/domain-to-native.ts');
  const address = resolveAddress(chooseUri(globals.connect ?? spec.uri, io.env), io.cwd);
  const warn = (message: string) => io.err(`warning: ${sanitiseUntrusted(message)}\n`);
  const conversion = conversionContext(address, io.env, {...(given ? {given} : {}), onWarning: warn});
  const {line, warnings, ...command} = await domainToNative(xml, conversion);
  for (const warning of warnings) warn(warning);
  // For a shell to read it must be exact; a terminal is not trusted with control characters.
  printData(context, `${io.stdout.isTTY ? sanitiseUntrusted(line) : line}\n`, command);
}

/** What a start would do: it names devices and ports that are free now. */
async function printPlan(context: CommandContext): Promise<void> {
  const name = context.args.value('domain');
  if (name === undefined) throw new UsageError('--plan needs --domain: only a defined domain is started');
  const hypervisor = await context.connect();
  const domain = await findDomain(hypervisor, name);
  const plan = await hypervisor.domainXmlToNative(domain.name);
  printData(context, `${context.io.stdout.isTTY ? sanitiseLines(plan).join('\n') : plan}\n`, {plan});
}

function checkFormat(format: string): void {
  if (FORMATS.includes(format)) return;
  throw new UsageError(`unknown format '${format}'`, `the format is ${FORMATS.join(' or ')}`);
}

async function readDomainXml(context: CommandContext): Promise<string> {
  const {args, io} = context;
  const name = args.value('domain');
  const [file] = args.words('xml');
  if (name !== undefined && file !== undefined) throw new UsageError('a file and --domain are given: only one can be');
  if (file !== undefined) return readXmlText(file, io);
  if (name === undefined) throw new UsageError('a file with the domain XML or --domain is required');
  const hypervisor = await context.connect();
  const domain = await findDomain(hypervisor, name);
  return hypervisor.domainGetXml(domain.name, {inactive: true});
}

async function readGivenEmulator({args, io}: CommandContext): Promise<GivenEmulator | undefined> {
  const help = args.value('emulator-help');
  const caps = args.value('emulator-caps');
  if (help !== undefined && caps !== undefined) {
    throw new UsageError('--emulator-help and --emulator-caps are given: only one can be');
  }
  if (help !== undefined) return {from: 'help', text: await readTextFile(help, io.cwd)};
  if (caps !== undefined) return {from: 'caps', json: await readTextFile(caps, io.cwd)};
  return undefined;
}
