import type {CryptoDef} from '../../../model/devices/crypto.ts';
import type {ArgvInput} from '../argv-input.ts';
import {deviceArg, optionsArg, type QemuArg} from '../qemu-arg.ts';
import {aliasOf, chooseDriver} from './device-context.ts';
import {pciPlace} from './device-place.ts';
import {virtioOptions} from './virtio-args.ts';

/** A crypto device, and who works for it: the emulator itself, or the kernel. @see libvirt 9.0.0, src/qemu/qemu_command.c, qemuBuildCryptoCommandLine */
export function buildCryptoArgs(crypto: CryptoDef, input: ArgvInput): readonly QemuArg[] {
  const alias = aliasOf(crypto);
  const backend = `obj${alias}`;
  const {model = 'builtin', queues} = crypto.backend ?? {};
  const drivers = ['virtio-crypto-pci', 'virtio-crypto-ccw', 'virtio-crypto-device'];
  const options = {cryptodev: backend, id: alias, ...virtioOptions(crypto.driver), ...pciPlace(crypto, input)};
  return [
    optionsArg('-object', {id: backend, queues}, {key: 'qom-type', value: `cryptodev-backend-${model}`}),
    deviceArg(chooseDriver(drivers, 'crypto device', input), options),
  ];
}
