import {sanitiseUntrusted} from '../../base/sanitise.ts';
import type {CommandContext} from '../command.ts';
import {defineText, ToldProblemsError} from '../define-text.ts';
import {jsonText} from '../format/json-text.ts';
import {printDone} from '../print.ts';
import {readXmlText} from '../read-xml-text.ts';

/** `virtty define FILE`: everything that was found in the XML is told on stderr, and with `--json` in the answer. */
export async function run(context: CommandContext): Promise<void> {
  const {args, globals, io} = context;
  const file = args.word('file');
  const xml = await readXmlText(file, io);
  const hypervisor = await context.connect();
  const text = {xml, file: file === '-' ? '<stdin>' : file};
  try {
    const result = await defineText(io, hypervisor, text, {validate: args.has('validate')});
    printDone(context, `Domain '${result.name}' defined from ${sanitiseUntrusted(file)}`);
    if (globals.json) io.out(jsonText(result));
  } catch (error) {
    if (globals.json && error instanceof ToldProblemsError) io.out(jsonText({problems: error.problems}));
    throw error;
  }
}
