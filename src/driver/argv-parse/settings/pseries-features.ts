import type {NativeDraft} from '../native-draft.ts';
import type {OptionBag} from '../option-bag.ts';

/** Capabilities of a pSeries board. Source: libvirt 9.0.0, src/qemu/qemu_command.c, qemuBuildMachineCommandLine. */
export function readPseriesFeatures({features}: NativeDraft, bag: OptionBag): void {
  const resizing = bag.takeWord('resize-hpt', ['enabled', 'disabled', 'required']);
  const page = /^(\d{1,9})(k|M|G)$/.exec(bag.peek('cap-hpt-max-page-size') ?? '');
  if (resizing !== undefined) features.hpt = {...features.hpt, resizing};
  if (page) {
    bag.drop('cap-hpt-max-page-size');
    const maxPageSizeKiB = BigInt(page[1] ?? 0) << BigInt(['k', 'M', 'G'].indexOf(page[2] ?? 'k') * 10);
    features.hpt = {...features.hpt, maxPageSizeKiB};
  }
  const htm = bag.takeSwitch('cap-htm');
  if (htm !== undefined) features.htm = {state: htm};
  const nested = bag.takeSwitch('cap-nested-hv');
  if (nested !== undefined) features.nestedHv = {state: nested};
  const assist = bag.takeSwitch('cap-ccf-assist');
  if (assist !== undefined) features.ccfAssist = {state: assist};
  const cfpc = bag.takeWord('cap-cfpc', ['broken', 'workaround', 'fixed']);
  if (cfpc !== undefined) features.cfpc = cfpc;
  const sbbc = bag.takeWord('cap-sbbc', ['broken', 'workaround', 'fixed']);
  if (sbbc !== undefined) features.sbbc = sbbc;
  const ibs = bag.takeWord('cap-ibs', ['broken', 'workaround', 'fixed-ibs', 'fixed-ccd', 'fixed-na']);
  if (ibs !== undefined) features.ibs = ibs;
}
