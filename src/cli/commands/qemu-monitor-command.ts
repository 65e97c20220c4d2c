import {indentJson} from '../../base/indent-json.ts';
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
