import type {QmpCallOptions} from '../../monitor/monitor-client.ts';
import type {QmpClient} from '../../monitor/qmp-client.ts';
import type {QmpObject} from '../../monitor/qmp-json.ts';
import type {RawAnswers} from './probe-answers.ts';
import {unlessRefused} from './unless-refused.ts';

/**
 * Classes whose properties are those of every board below them. All but the last are abstract, so that QEMU creates
 * nothing to answer: to list a board itself it makes one, and 7.2 aborts over `microvm`. The last is a PC that every
 * emulator of PCs has, for what its boards say only once they are made.
 */
const MACHINE_CLASSES = ['machine', 'x86-machine', 'generic-pc-machine', 'isapc-machine'];

/** Whom the questions go to. */
export type AnsweringMonitor = Pick<QmpClient, 'negotiate' | 'execute'>;

/**
 * Asks an emulator without a machine all that a probe wants to know, in one go. None of the questions is `quit`: an emulator
 * that ends drops the answers it has not got rid of yet.
 *
 * @throws {VirtError} as `QmpClient.execute`, and for a question that every emulator answers
 */
export async function askEverything(monitor: AnsweringMonitor, options: QmpCallOptions): Promise<RawAnswers> {
  await monitor.negotiate(options);
  const ask = (command: string, args?: QmpObject) => monitor.execute(command, args, options);
  const askIfKnown = (command: string, args?: QmpObject) => unlessRefused(ask(command, args));
  return settled({
    version: ask('query-version'),
    target: ask('query-target'),
    machines: ask('query-machines'),
    deviceTypes: ask('qom-list-types', {implements: 'device', abstract: false}),
    deviceClasses: askIfKnown('qom-list-types', {implements: 'device', abstract: true}),
    accelerators: askIfKnown('qom-list-types', {implements: 'accel', abstract: false}),
    commands: ask('query-commands'),
    options: ask('query-command-line-options'),
    kvm: askIfKnown('query-kvm'),
    cpuModels: askIfKnown('query-cpu-definitions'),
    bestCpu: askIfKnown('query-cpu-model-expansion', {type: 'full', model: {name: 'max'}}),
    schema: askIfKnown('query-qmp-schema'),
    machineProperties: Promise.all(MACHINE_CLASSES.map(typename => askIfKnown('qom-list-properties', {typename}))),
  });
}

/** An object of promises as one promise of an object. */
async function settled<T extends object>(promises: {readonly [K in keyof T]: Promise<T[K]>}): Promise<T> {
  const entries = Object.entries(promises).map(async ([name, promise]) => [name, await promise]);
  return Object.fromEntries(await Promise.all(entries));
}
