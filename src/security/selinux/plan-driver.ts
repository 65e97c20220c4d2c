/** Whether guests are labelled by this model, and why not. */
export type DriverChoice = {readonly is: 'svirt'} | {readonly is: 'basic'; readonly why: string};

/** What decides over that. */
export interface DriverRequest {
  /** `security_driver` of qemu.conf; undefined where it does not say. */
  readonly drivers?: readonly string[];
  readonly isInForce: boolean;
  /** Whether root runs the driver. */
  readonly isPrivileged: boolean;
  /** Whether the driver may start processes with a guest's label; asked only for a session. */
  readonly mayLabel: () => boolean | undefined;
}

/**
 * Whether guests get labels of their own, or what the policy gives them by itself.
 *
 * @see libvirt 9.0.0, src/qemu/qemu_driver.c, qemuSecurityInit: without the setting the host's model is used. A session does
 *   so only where the policy lets its user: else no guest of a session would start on most hosts.
 */
export function chooseDriver({drivers, isInForce, isPrivileged, mayLabel}: DriverRequest): DriverChoice {
  if (!isInForce) return {is: 'basic', why: 'SELinux is not in force on this host'};
  if (drivers?.includes('selinux')) return {is: 'svirt'};
  if (drivers)
    return {is: 'basic', why: `security_driver of qemu.conf is ${drivers.map(name => `'${name}'`).join(', ')}`};
  if (isPrivileged || mayLabel() === true) return {is: 'svirt'};
  return {is: 'basic', why: 'the policy does not let this user start processes with the label of a guest'};
}
