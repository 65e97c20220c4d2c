import {expect, test} from 'vitest';
import {guestChannels} from '../../src/driver/foreign/guest-channels.ts';

const channels = (line: string) =>
  guestChannels(line.split(' '), path => (path.startsWith('/') ? path : `/cwd/${path}`));

test('reads monitors and lines of a command line as people write it', () => {
  const {monitors, lines} = channels(
    'qemu -qmp unix:q.sock,server,nowait -monitor unix:/m.sock,server=on,wait=off -serial unix:s.sock,server=on,wait=off',
  );
  expect(monitors).toEqual([
    {protocol: 'qmp', at: {is: 'unix', path: '/cwd/q.sock'}},
    {protocol: 'hmp', at: {is: 'unix', path: '/m.sock'}},
  ]);
  expect(lines).toEqual([{alias: 'serial0', kind: 'serial', at: {is: 'unix', path: '/cwd/s.sock'}}]);
});

test('reads those that programs write, with chardevs and devices', () => {
  const {monitors, lines, ptys} = channels(
    [
      'kvm -chardev socket,id=charmonitor,path=/a,,b.sock,server=on,wait=off -mon chardev=charmonitor,id=monitor,mode=control',
      '-chardev pty,id=charserial0,logfile=/log,logappend=on -device {"driver":"isa-serial","chardev":"charserial0","id":"serial0"}',
      '-chardev pty,id=c1 -device virtconsole,chardev=c1',
    ].join(' '),
  );
  expect(monitors).toEqual([{protocol: 'qmp', at: {is: 'unix', path: '/a,b.sock'}}]);
  expect(lines).toEqual([
    {alias: 'serial0', kind: 'serial', at: {is: 'pty', at: 0}, log: '/log', chardev: 'charserial0'},
    {alias: 'console0', kind: 'console', at: {is: 'pty', at: 1}, chardev: 'c1'},
  ]);
  expect(ptys).toBe(2);
});

test('ptys are made by monitors and chardevs first, then by serial lines', () => {
  const {lines, monitors, ptys} = channels(
    'qemu -serial pty -serial pty -monitor pty -chardev pty,id=c -device isa-serial,chardev=c',
  );
  expect(monitors).toEqual([{protocol: 'hmp', at: {is: 'pty', at: 0}}]);
  expect(lines.map(({alias, at}) => [alias, at])).toEqual([
    ['serial0', {is: 'pty', at: 2}],
    ['serial1', {is: 'pty', at: 3}],
    ['serial2', {is: 'pty', at: 1}],
  ]);
  expect(ptys).toBe(4);
});

test('a monitor on a serial line is both', () => {
  const {monitors, lines} = channels('qemu -serial mon:unix:/s,server,nowait');
  expect(monitors).toMatchObject([{protocol: 'hmp', at: {is: 'closed', why: expect.stringContaining('Ctrl-A C')}}]);
  expect(lines).toEqual([{alias: 'serial0', kind: 'serial', at: {is: 'unix', path: '/s'}}]);
});

test.each([
  ['-serial stdio', 'terminal'],
  ['-serial tcp::4444,server,nowait', "type 'tcp'"],
  ['-serial unix:/s', 'connected to a socket of another program'],
  ['-chardev socket,id=a,fd=12,server=on -serial chardev:a', 'handed over'],
  ['-chardev socket,id=a,path=/a,server=on,abstract=on -serial chardev:a', 'no file'],
  ['-chardev file,id=a,path=/a -serial chardev:a', "type 'file'"],
])('%s cannot be attached to: %s', (options, why) => {
  const [line] = channels(`qemu ${options}`).lines;
  expect(line?.at).toMatchObject({is: 'closed', why: expect.stringContaining(why)});
});

test('what cannot be read is left out', () => {
  for (const line of [
    'qemu -serial',
    'qemu -mon',
    'qemu -chardev {"a -serial chardev:x',
    'qemu -device {, -qmp none',
    'qemu -monitor x:y',
  ])
    expect(channels(line)).toMatchObject({monitors: [], lines: []});
});
