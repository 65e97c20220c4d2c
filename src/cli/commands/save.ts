import {resolve} from 'node:path';
import {formatKiB} from '../../base/format-units.ts';
import {sanitiseUntrusted} from '../../base/sanitise.ts';
import type {SaveProgress} from '../../model/hypervisor.ts';
import type {CommandContext} from '../command.ts';
import {contextDomain} from '../context-domain.ts';
import {printDone} from '../print.ts';
import {withProgress} from '../with-progress.ts';

/** `virtty save DOMAIN FILE`. A signal gives it up, and the guest goes on. */
export async function run(context: CommandContext): Promise<void> {
  const {args, io} = context;
  const file = args.word('file');
  const {hypervisor, domain} = await contextDomain(context);
  const path = resolve(io.cwd, file);
  let hasSignal = false;
  const signals = io.onSignal(['SIGINT', 'SIGTERM', 'SIGHUP'], () => {
    hasSignal = true;
  });
  try {
    await withProgress(io, `saving '${domain.name}'`, tell =>
      hypervisor.domainSave(domain.name, path, {
        isGivenUp: () => hasSignal,
        onProgress: progress => tell(howFar(progress)),
      }),
    );
  } finally {
    signals.dispose();
  }
  printDone(context, `Domain '${domain.name}' saved to ${sanitiseUntrusted(file)}\n`);
}

function howFar({bytes, remainingBytes}: SaveProgress): string {
  const written = `${formatKiB(BigInt(bytes) / 1024n)} written`;
  return remainingBytes === undefined
    ? written
    : `${written}, at most ${formatKiB(BigInt(remainingBytes) / 1024n)} to come; Ctrl-C gives up`;
}
