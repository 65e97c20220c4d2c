import {expect, test} from 'vitest';
import type {ConsoleChunk} from '../../src/model/hypervisor.ts';
import {DirectViewer} from '../../src/monitor/direct-viewer.ts';

const MIB = 1024 * 1024;

test('a viewer of a direct line that pauses too long is told how many bytes are missing, where they are', () => {
  const viewer = new DirectViewer({
    device: {alias: 'serial0', kind: 'serial'},
    history: new Uint8Array(0),
    write: () => {},
    onDispose: () => {},
  });
  const chunks: ConsoleChunk[] = [];
  viewer.onData(chunk => chunks.push(chunk));
  viewer.hear(Buffer.from('first'));
  viewer.pause();
  for (let heard = 0; heard < 6; heard++) viewer.hear(new Uint8Array(MIB).fill(0x30 + heard));
  viewer.resume();
  expect(chunks.map(({bytes, droppedBytes}) => [bytes[0], droppedBytes])).toEqual([
    [0x66, undefined],
    [0x32, 2 * MIB],
    [0x33, undefined],
    [0x34, undefined],
    [0x35, undefined],
  ]);
});
