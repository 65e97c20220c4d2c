import {sanitiseUntrusted} from '../../base/sanitise.ts';
import type {CommandContext} from '../command.ts';
import {jsonText} from '../format/json-text.ts';
import {printDone, printWarnings} from '../print.ts';
import {readXmlText} from '../read-xml-text.ts';

/** `virtty define FILE`: what is not understood in the XML is told on stderr, a line each. */
export async function run(context: CommandContext): Promise<void> {
  const file = context.args.word('file');
  const xml = await readXmlText(file, context.io);
  const hypervisor = await context.connect();
  const result = await hypervisor.domainDefineXml(xml);
  printWarnings(context.io, result);
  printDone(context, `Domain '${result.name}' defined from ${sanitiseUntrusted(file)}`);
  if (context.globals.json) context.io.out(jsonText(result));
}
