import type {InterfaceDef} from '../../../model/devices/interface.ts';
import type {OptionRecord} from '../qemu-arg.ts';
import {virtioOptions} from './virtio-args.ts';

/** The adapters that virtio's options are for. */
export function isVirtioNic({model}: InterfaceDef): boolean {
  return model?.startsWith('virtio') ?? false;
}

/** `<driver>`; that of a card of the host says something else. */
export function nicDriverOptions(nic: InterfaceDef) {
  return nic.type === 'hostdev' ? undefined : nic.driver;
}

/**
 * What only a virtio adapter understands. Source: libvirt 9.0.0, src/qemu/qemu_command.c, qemuBuildNicDevProps.
 *
 * @param isCcw  such a device has no vectors
 */
export function virtioNetOptions(nic: InterfaceDef, isCcw: boolean): OptionRecord {
  const driver = nicDriverOptions(nic);
  const {host, guest, queues = 1} = driver ?? {};
  return {
    tx: driver?.txmode === 'iothread' ? 'bh' : driver?.txmode,
    ioeventfd: driver?.ioeventfd,
    event_idx: driver?.eventIdx,
    csum: host?.csum,
    gso: host?.gso,
    host_tso4: host?.tso4,
    host_tso6: host?.tso6,
    host_ecn: host?.ecn,
    host_ufo: host?.ufo,
    mrg_rxbuf: host?.mrgRxbuf,
    guest_csum: guest?.csum,
    guest_tso4: guest?.tso4,
    guest_tso6: guest?.tso6,
    guest_ecn: guest?.ecn,
    guest_ufo: guest?.ufo,
    mq: queues > 1 ? true : undefined,
    // One for each direction of a queue, one for configuration, one for control.
    vectors: queues > 1 && !isCcw ? 2 * queues + 2 : undefined,
    rx_queue_size: driver?.rxQueueSize,
    tx_queue_size: driver?.txQueueSize,
    rss: driver?.rss,
    hash: driver?.rssHashReport,
    host_mtu: nic.mtu,
    failover: nic.teaming?.type === 'persistent' ? true : undefined,
    ...virtioOptions(driver),
  };
}
