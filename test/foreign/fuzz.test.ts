import fc from 'fast-check';
import {expect, test} from 'vitest';
import {guestChannels} from '../../src/driver/foreign/guest-channels.ts';
import {isGuestProcess} from '../../src/driver/foreign/is-guest-process.ts';
import {parsePeer, parseUnixSockets} from '../../src/driver/foreign/socket-holders.ts';
import {whoRuns} from '../../src/driver/foreign/who-runs.ts';
import {runnerSentence} from '../../src/model/foreign-guest.ts';

/** Words that mean something here, whole or cut, among any others. */
const WORD = fc.oneof(
  fc.constantFrom(
    ...['-serial', '-monitor', '-qmp', '-mon', '-chardev', '-device', '--name', '-readconfig', '-M', 'none', 'pty'],
    ...['unix:/a,server,nowait', 'mon:stdio', 'chardev:a', 'socket,id=a,path=/p,server=on', 'isa-serial,chardev=a'],
    ...['{"driver":"isa-serial","chardev":"a"}', '{"', 'guest=a,process=a', 'path=/x/libvirt/qemu/monitor', 'tcp:[::1'],
  ),
  fc.string({unit: 'binary', maxLength: 40}),
);
const WORDS = fc.array(WORD, {maxLength: 20});

test('whatever a command line says, it is decided whether that runs a guest, who runs it, and where its lines are', () => {
  fc.assert(
    fc.property(
      WORDS,
      fc.string({maxLength: 200}),
      fc.option(fc.string(), {nil: undefined}),
      (words, cgroup, parent) => {
        expect(typeof isGuestProcess(words, words[0])).toBe('boolean');
        const runner = whoRuns({words, cgroup, ...(parent === undefined ? {} : {parent})});
        expect(runnerSentence({runner, user: 'ann'})).toContain('ann');
        const {lines, monitors, ptys} = guestChannels(words, path => path);
        const places = [...lines, ...monitors].flatMap(({at}) => (at.is === 'pty' ? [at.at] : []));
        expect(places.every(at => at >= 0 && at < ptys)).toBe(true);
        expect(new Set(lines.map(({alias}) => alias)).size).toBe(lines.length);
      },
    ),
  );
});

test('texts of the kernel and of ss are read whatever they hold', () => {
  fc.assert(
    fc.property(fc.string({unit: 'binary', maxLength: 400}), text => {
      expect(Array.isArray(parseUnixSockets(text))).toBe(true);
      parsePeer(text, text.slice(0, 10));
    }),
  );
});
