import {readFileSync} from 'node:fs';
import {availableParallelism} from 'node:os';
import {expect, test} from 'vitest';
import {VirtError} from '../../src/base/virt-error.ts';
import {askEverything} from '../../src/driver/emulators/ask-everything.ts';
import {DEFAULT_SEARCH_DIRS, findEmulators} from '../../src/driver/emulators/find-emulators.ts';
import {probeEmulator} from '../../src/driver/emulators/probe.ts';
import {decodeAnswers} from '../../src/driver/emulators/probe-answers.ts';
import {TaskLimit} from '../../src/driver/emulators/task-limit.ts';
import type {EmulatorCaps} from '../../src/model/capabilities.ts';
import {SUMMARIES, summariseAll} from './summarise-caps.ts';
import {type Answered, readTranscripts, replay} from './transcript.ts';

const transcripts = readTranscripts();

async function capsOf(transcript: readonly Answered[], forgotten: readonly string[] = []): Promise<EmulatorCaps> {
  return decodeAnswers(await askEverything(replay(transcript, forgotten), {}));
}

test('what real emulators said is read as it was before', async () => {
  expect(await summariseAll(transcripts)).toBe(readFileSync(SUMMARIES, 'utf8'));
});

const X86 = transcripts['qemu-system-x86_64'] ?? [];

test.each([
  'query-kvm',
  'query-cpu-definitions',
  'query-cpu-model-expansion',
  'query-qmp-schema',
  'qom-list-properties',
])('an emulator that knows no %s is read too', async forgotten => {
  const whole = await capsOf(X86);
  const caps = await capsOf(X86, [forgotten]);
  expect(caps).toMatchObject({version: whole.version, arch: 'x86_64', devices: whole.devices});
  expect(caps.machines).toHaveLength(whole.machines.length);
  expect([...caps.flags].filter(flag => !whole.flags.has(flag))).toEqual([]);
});

test('an emulator whose answer is of another form is refused with the field', async () => {
  const odd = X86.map(answered => (answered.question === 'query-target' ? {...answered, answer: {arch: 7}} : answered));
  await expect(capsOf(odd)).rejects.toThrow(VirtError);
  await expect(capsOf(odd)).rejects.toThrow("the emulator's answer to query-target cannot be read: arch is 7");
});

test('the emulators of this host say what was recorded, where they are the same', {timeout: 120_000}, async ({
  skip,
}) => {
  const found = (await findEmulators(DEFAULT_SEARCH_DIRS)).filter(emulator => 'file' in emulator);
  skip(found.length === 0, 'there are no emulators');
  const limit = new TaskLimit(availableParallelism());
  const probed = await Promise.all(found.map(({path}) => limit.run(() => probeEmulator(path, {timeoutMs: 60_000}))));
  for (const result of probed) {
    const transcript = transcripts[result.path.slice(result.path.lastIndexOf('/') + 1)];
    if (result.status !== 'ok' || transcript === undefined) continue;
    const recorded = await capsOf(transcript);
    if (recorded.version !== result.caps.version) continue;
    expect(sameEverywhere(result.caps)).toEqual(sameEverywhere(recorded));
    // Some devices come with packages of their own, which were all there when it was recorded.
    expect([...result.caps.devices].filter(device => !recorded.devices.has(device))).toEqual([]);
    for (const [device, bus] of result.caps.deviceBuses ?? []) expect(recorded.deviceBuses?.get(device)).toBe(bus);
  }
  expect(probed.filter(({status}) => status === 'ok').length).toBeGreaterThan(0);
});

/** What an emulator of a version says on every host; its best processor depends on the host, under TCG too. */
function sameEverywhere({version, arch, flags, machines, cpuModels, kvmBuiltIn}: EmulatorCaps) {
  return {version, arch, flags, machines, kvmBuiltIn, cpuModels: cpuModels.map(({name}) => name)};
}
