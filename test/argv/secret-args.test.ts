import fc from 'fast-check';
import {expect, test} from 'vitest';
import {SECRET_FILE_PREFIX, secretFile} from '../../src/driver/argv/secret-args.ts';
import {SECRET_PURPOSES} from '../../src/model/secret.ts';

const stored = fc.record(
  {
    from: fc.constant('store' as const),
    purpose: fc.constantFrom(...SECRET_PURPOSES),
    uuid: fc.string({unit: 'binary'}),
    usage: fc.string({unit: 'binary', maxLength: 5000}),
  },
  {requiredKeys: ['from', 'purpose']},
);

test('whatever names a secret, its file is in the directory of the run and can be made', () => {
  fc.assert(
    fc.property(stored, value => {
      const path = secretFile({id: 'libvirt-1-storage-auth-secret0', value}, '/run/demo');
      expect(path).toMatch(new RegExp(`^/run/demo/${SECRET_FILE_PREFIX}[^/\\0\\n]*$`));
      expect(path.length).toBeLessThan(255);
    }),
  );
});
