import {DEFAULT_RANDOM, type RngDef} from '../../../model/devices/rng.ts';
import type {ArgvInput} from '../argv-input.ts';
import {deviceArg, optionsArg, type QemuArg} from '../qemu-arg.ts';
import {chardevArgs} from './chardev-backend.ts';
import {aliasOf} from './device-context.ts';
import {pciPlace} from './device-place.ts';
import {chooseVirtio, virtioOptions} from './virtio-args.ts';

/** Where the numbers come from, and the device that gives them to the guest. */
export function buildRngArgs(rng: RngDef, input: ArgvInput): readonly QemuArg[] {
  const id = `obj${aliasOf(rng)}`;
  const options = {
    rng: id,
    id: aliasOf(rng),
    'max-bytes': rng.rate?.bytes,
    period: rng.rate && (rng.rate.periodMs ?? DEFAULT_PERIOD_MS),
    ...virtioOptions(rng.driver),
    ...pciPlace(rng, input),
  };
  const device = deviceArg(chooseVirtio('virtio-rng', rng.model, 'random number device', input), options);
  return [...source(rng, id, input), device];
}

/** Source: libvirt 9.0.0, src/qemu/qemu_command.c, qemuBuildRNGDevProps. */
const DEFAULT_PERIOD_MS = 1000;

function source({backend, ...rng}: RngDef, id: string, input: ArgvInput): readonly QemuArg[] {
  switch (backend.model) {
    case 'builtin':
      return [optionsArg('-object', {id}, {key: 'qom-type', value: 'rng-builtin'})];
    case 'random': {
      const filename = backend.path ?? DEFAULT_RANDOM;
      return [optionsArg('-object', {id, filename}, {key: 'qom-type', value: 'rng-random'})];
    }
    case 'egd': {
      const chardev = `char${aliasOf({...rng, backend})}`;
      const object = optionsArg('-object', {id, chardev}, {key: 'qom-type', value: 'rng-egd'});
      return [...chardevArgs('rng', chardev, backend.source, input), object];
    }
  }
}
