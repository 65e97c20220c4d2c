import type {Mount} from '../../host/mounts.ts';
import type {Actor} from './access-facts.ts';

/** What its server decides over, who may take root for nobody. */
export function isNetwork(fsType: string): boolean {
  return /^(nfs|nfs4|cifs|smb3|9p|ceph|fuse\.sshfs|fuse\.glusterfs)$/.test(fsType);
}

/** One that gives all of its files the owner that it was mounted with: `chown` and `chmod` do nothing there. */
export function hasOneOwner(fsType: string): boolean {
  return /^(vfat|msdos|exfat|ntfs|ntfs3|fuseblk|hfs)$/.test(fsType);
}

/** One that can only be read, however it is mounted. */
export function isReadOnlyByNature(fsType: string): boolean {
  return /^(iso9660|squashfs|erofs|cramfs|romfs)$/.test(fsType);
}

/** Whose a FUSE file system is that lets in nobody else, not even root; undefined for another. @see mount.fuse(8), allow_other */
export function closedFuseOwner({fsType, superOptions}: Mount): number | undefined {
  if (!/^fuse(blk)?(\.|$)/.test(fsType) || superOptions.includes('allow_other')) return undefined;
  const option = superOptions.find(text => text.startsWith('user_id='));
  return option === undefined ? undefined : Number(option.slice('user_id='.length));
}

/** Whether a FUSE file system keeps somebody out because it is another user's. */
export function isClosedTo(mount: Mount, {uid}: Pick<Actor, 'uid'>): boolean {
  const owner = closedFuseOwner(mount);
  return owner !== undefined && owner !== uid;
}
