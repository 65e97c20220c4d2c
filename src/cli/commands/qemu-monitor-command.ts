import {sanitiseLines} from '../../base/sanitise.ts';
import type {CommandContext} from '../command.ts';
import {contextDomain} from '../context-domain.ts';
import {jsonText} from '../format/json-text.ts';

/**
 * `virtty qemu-monitor-command DOMAIN [--hmp] [--pretty] CMD...`. A QMP answer is printed as it came, because
 * `JSON.parse` rounds numbers beyond 2^53; only `--pretty` lays it out anew.
 */
export async function run(context: CommandContext): Promise<void> {
  const {hypervisor, domain} = await contextDomain(context);
  const command = context.args.words('cmd').join(' ');
  const format = context.args.has('hmp') ? 'hmp' : 'qmp';
  const answer = await hypervisor.domainMonitorCommand(domain.name, command, {format});
  if (format === 'qmp') context.io.out(`${context.args.has('pretty') ? indentJson(answer) : answer.trimEnd()}\n`);
  else if (context.globals.json) context.io.out(jsonText({output: answer}));
  else
    context.io.out(
      sanitiseLines(answer)
        .map(line => `${line}\n`)
        .join(''),
    );
}

/** Lays JSON out over several lines without reading its numbers: everything between the structure stays as it is. */
export function indentJson(json: string): string {
  const tokens = json.match(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g) ?? [];
  let out = '';
  let depth = 0;
  for (const [index, token] of tokens.entries()) {
    const next = tokens[index + 1];
    if (token === '{' || token === '[') {
      const empty = next === '}' || next === ']';
      depth++;
      out += empty ? token : `${token}${lineBreak(depth)}`;
    } else if (token === '}' || token === ']') {
      depth--;
      const before = tokens[index - 1];
      out += before === '{' || before === '[' ? token : `${lineBreak(depth)}${token}`;
    } else if (token === ',') out += `,${lineBreak(depth)}`;
    else out += token === ':' ? ': ' : token;
  }
  return out;
}

function lineBreak(depth: number): string {
  return `\n${'  '.repeat(depth)}`;
}
