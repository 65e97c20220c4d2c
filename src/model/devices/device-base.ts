/** What every device has. */
export interface DeviceBase {
  /** QEMU's id of the device, e.g. `serial0`; only in a live definition. */
  readonly alias?: string;
}
