import {describe, expect, test} from 'vitest';
import {
  isInfoHelp,
  isUnknownCommand,
  parseHelp,
  parseInfoBalloon,
  parseInfoBlock,
  parseInfoChardev,
  parseInfoMigrate,
  parseInfoStatus,
  parseInfoVersion,
  parseInfoVnc,
} from '../../../src/monitor/hmp-info.ts';
import {hasRecordings, readSessions, recordedVersions} from './recordings.ts';

/** What each reader makes of everything that was recorded with its command. */
function readAll<T>(version: string, command: string, read: (answer: string) => T): Readonly<Record<string, T>> {
  const all = [...readSessions(version).values()].flat();
  const asked = all.filter(({written, end}) => written === `${command}\r` && end === 'prompt');
  return Object.fromEntries(
    asked.map(({name, plain}) => [name, read(plain.slice(plain.indexOf('\n') + 1).replace(/\(qemu\) $/, ''))]),
  );
}

describe.skipIf(!hasRecordings)('answers of recorded text monitors (skipped without the corpus)', () => {
  test.each(hasRecordings ? recordedVersions() : [])('of %s', async version => {
    const read = {
      'info version': readAll(version, 'info version', parseInfoVersion),
      'info status': readAll(version, 'info status', parseInfoStatus),
      'info block': readAll(version, 'info block', parseInfoBlock),
      'info chardev': readAll(version, 'info chardev', answer => [...(parseInfoChardev(answer) ?? [])]),
      'info vnc': readAll(version, 'info vnc', parseInfoVnc),
      'info balloon': readAll(version, 'info balloon', parseInfoBalloon),
      'info migrate': readAll(version, 'info migrate', parseInfoMigrate),
      help: readAll(version, 'help', answer =>
        parseHelp(answer)
          .flatMap(({names}) => names)
          .join(' '),
      ),
    };
    await expect(JSON.stringify(read, undefined, 1)).toMatchFileSnapshot(`goldens/info-${version}.txt`);
  });

  test.each(hasRecordings ? recordedVersions() : [])('of %s to what it does not know', version => {
    expect(Object.values(readAll(version, 'info nosuch', isInfoHelp))).toEqual([true]);
    expect(Object.values(readAll(version, 'nosuchcommand x', isUnknownCommand))).toEqual([true]);
    expect(Object.values(readAll(version, 'info network', isInfoHelp))).not.toContain(true);
  });
});

test('a drive whose file is named like what follows it', () => {
  const [drive] =
    parseInfoBlock('ide1-cd0: type=cdrom removable=1 locked=1 file=/a b: ro=0 drv=x.iso ro=1 drv=raw\r\n') ?? [];
  expect(drive).toMatchObject({device: 'ide1-cd0', locked: true, medium: {driver: 'raw', readOnly: true}});
  expect(drive?.medium?.file).toBe('/a b: ro=0 drv=x.iso');
});

test('drives as an emulator of today lists them', () => {
  const answer = `pflash0 (#block1): /a (b)/c.fd (raw, read-only)
    Attached to:      /machine
ide1-cd0: [not inserted]
    Attached to:      /machine/unattached/device[7]
    Removable device: not locked, tray closed
floppy0 (#b): /x.img (qcow2)
    Removable device: locked, tray closed
`;
  expect(parseInfoBlock(answer)).toEqual([
    {
      device: 'pflash0',
      removable: false,
      locked: false,
      medium: {file: '/a (b)/c.fd', driver: 'raw', readOnly: true, encrypted: false},
    },
    {device: 'ide1-cd0', removable: true, locked: false},
    {
      device: 'floppy0',
      removable: true,
      locked: true,
      medium: {file: '/x.img', driver: 'qcow2', readOnly: false, encrypted: false},
    },
  ]);
});
