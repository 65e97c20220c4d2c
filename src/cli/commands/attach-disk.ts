import {stat} from 'node:fs/promises';
import {resolve} from 'node:path';
import {type DiskWish, diskXml} from '../../model/disk-xml.ts';
import {readAffects} from '../affects.ts';
import type {CommandContext} from '../command.ts';
import {contextDomain} from '../context-domain.ts';
import {printDone} from '../print.ts';
import {UsageError} from '../usage-error.ts';
import {warned} from '../warned.ts';

/** `virtty attach-disk DOMAIN SOURCE TARGET [--targetbus BUS] [--subdriver FORMAT] ... [--live] [--config]`. */
export async function run(context: CommandContext): Promise<void> {
  const {args, io} = context;
  const xml = diskXml(await readWish(context));
  if (args.has('print-xml')) return io.out(xml);
  const {hypervisor, domain} = await contextDomain(context);
  await warned(context, hypervisor, hypervisor.domainAttachDevice(domain.name, xml, readAffects(args, domain)));
  printDone(context, 'Disk attached successfully');
}

async function readWish({args, io}: CommandContext): Promise<DiskWish> {
  const source = resolve(io.cwd, args.word('source'));
  return {
    source,
    sourceType: oneOf('sourcetype', args.value('sourcetype'), ['file', 'block']) ?? (await sourceTypeOf(source)),
    target: args.word('target'),
    bus: args.value('targetbus'),
    device: args.value('type'),
    driver: args.value('driver'),
    format: args.value('subdriver'),
    cache: args.value('cache'),
    io: args.value('io'),
    iothread: args.value('iothread'),
    serial: args.value('serial'),
    wwn: args.value('wwn'),
    mode: oneOf('mode', args.value('mode'), ['readonly', 'shareable']),
  };
}

/** A node of the kernel is a block device, all else a file. */
async function sourceTypeOf(path: string): Promise<'file' | 'block'> {
  const found = await stat(path).catch(() => undefined); // whoever opens it says what is wrong with it
  return (found ? found.isBlockDevice() : path.startsWith('/dev/')) ? 'block' : 'file';
}

function oneOf<T extends string>(option: string, value: string | undefined, words: readonly T[]): T | undefined {
  const found = words.find(word => word === value);
  if (value !== undefined && found === undefined)
    throw new UsageError(`option --${option}: '${value}' is not one of ${words.join(', ')}`);
  return found;
}
