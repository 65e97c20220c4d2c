import {createInterface} from 'node:readline/promises';
import type {EditedFile} from '../../app/edit-text.ts';
import {VirtError} from '../../base/virt-error.ts';
import type {DefineResult, Hypervisor} from '../../model/hypervisor.ts';
import type {CliIo} from '../cli-io.ts';
import type {CommandContext} from '../command.ts';
import {contextDomain} from '../context-domain.ts';
import {defineText} from '../define-text.ts';
import {editText, writePrivateFile} from '../edit-text.ts';
import {printDone} from '../print.ts';
import {reportError} from '../report-error.ts';

/** `virtty edit DOMAIN`, with the words of virsh. */
export async function run(context: CommandContext): Promise<void> {
  const {hypervisor, domain} = await contextDomain(context);
  const {name} = domain;
  const before = await hypervisor.domainGetXml(name, {inactive: true});
  let text = before;
  let result: DefineResult | undefined;
  while (!result) {
    text = await editText({text, file: fileOf(name), env: context.io.env});
    if (text === before) {
      printDone(context, `Domain '${name}' XML configuration not changed.`);
      return;
    }
    result = await tryDefine(context.io, hypervisor, {name, before, text, validate: context.args.has('validate')});
  }
  printDone(context, `Domain '${result.name}' XML configuration edited.`);
}

function fileOf(name: string): EditedFile {
  return {name, suffix: '.xml'};
}

interface Edit {
  readonly name: string;
  readonly before: string;
  readonly text: string;
  readonly validate: boolean;
}

/**
 * @returns undefined when it failed and the user wants to edit again
 * @throws {VirtError} when not; the text is then in a file that the hint names
 */
async function tryDefine(io: CliIo, hypervisor: Hypervisor, edit: Edit): Promise<DefineResult | undefined> {
  try {
    if ((await hypervisor.domainGetXml(edit.name, {inactive: true})) !== edit.before) throw changedMeanwhile(edit.name);
    const text = {xml: edit.text, file: `${edit.name}.xml`};
    return await defineText(io, hypervisor, text, {validate: edit.validate});
  } catch (error) {
    if (!(error instanceof VirtError)) throw error;
    if (io.interactive) {
      reportError(io, error);
      if (await wantsAgain(io)) return undefined;
    }
    const {path} = await writePrivateFile(edit.text, fileOf(edit.name));
    const {code, domain, detail, message} = error;
    const hint = `the text is kept in ${path}; when it is right: virtty define ${path}`;
    throw new VirtError(code, domain, message, {cause: error, detail: io.interactive ? [] : detail, hint});
  }
}

function changedMeanwhile(name: string): VirtError {
  return new VirtError(
    'OPERATION_FAILED',
    'DOMAIN',
    `cannot define domain '${name}': its XML configuration was changed by someone else meanwhile`,
  );
}

async function wantsAgain(io: CliIo): Promise<boolean> {
  const reader = createInterface({input: io.stdin, output: io.stderr});
  try {
    return /^y/i.test((await reader.question('Failed. Edit again? [y,n] ')).trim());
  } finally {
    reader.close();
  }
}
