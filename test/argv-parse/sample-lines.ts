/** In the manner of Proxmox VE. */
export const PROXMOX = `/usr/bin/kvm -id 117 -name 'mail,debug-threads=on' -no-shutdown \\
    -chardev 'socket,id=qmp,path=/var/run/qemu-server/117.qmp,server=on,wait=off' -mon 'chardev=qmp,mode=control' \\
    -chardev 'socket,id=qmp-event,path=/var/run/qmeventd.sock,reconnect=5' -mon 'chardev=qmp-event,mode=control' \\
    -pidfile /var/run/qemu-server/117.pid -daemonize -smbios 'type=1,uuid=5d4f33a2-0c7e-4a0b-9a55-0d3b1c2e4f60' \\
    -smp '4,sockets=2,cores=2,maxcpus=4' -nodefaults -boot 'menu=on,strict=on,reboot-timeout=1000' \\
    -vnc 'unix:/var/run/qemu-server/117.vnc,password=on' -cpu 'kvm64,enforce,+kvm_pv_eoi,+lahf_lm,+sep' -m 2048 \\
    -object 'iothread,id=iothread-virtioscsi1' -device 'pci-bridge,id=pci.1,chassis_nr=1,bus=pci.0,addr=0x1e' \\
    -device 'pci-bridge,id=pci.3,chassis_nr=3,bus=pci.0,addr=0x5' \\
    -device 'vmgenid,guid=9b1f36bd-2c5e-4ba7-8c40-6a5b2d3f9e11' -device 'piix3-usb-uhci,id=uhci,bus=pci.0,addr=0x1.0x2' \\
    -device 'usb-tablet,id=tablet,bus=uhci.0,port=1' -device 'VGA,id=vga,bus=pci.0,addr=0x2' \\
    -chardev 'socket,path=/var/run/qemu-server/117.qga,server=on,wait=off,id=qga0' \\
    -device 'virtio-serial,id=qga0,bus=pci.0,addr=0x8' -device 'virtserialport,chardev=qga0,name=org.qemu.guest_agent.0' \\
    -iscsi 'initiator-name=iqn.1993-08.org.example:01:117' \\
    -device 'virtio-scsi-pci,id=virtioscsi1,bus=pci.3,addr=0x2,iothread=iothread-virtioscsi1' \\
    -drive 'file=/dev/pve/vm-117-disk-1,if=none,id=drive-scsi1,format=raw,cache=none,aio=io_uring,detect-zeroes=on' \\
    -device 'scsi-hd,bus=virtioscsi1.0,channel=0,scsi-id=0,lun=1,drive=drive-scsi1,id=scsi1,bootindex=100' \\
    -netdev 'type=tap,id=net0,ifname=tap117i0,script=/var/lib/qemu-server/pve-bridge,downscript=/var/lib/qemu-server/pve-bridgedown,vhost=on' \\
    -device 'virtio-net-pci,mac=BC:24:11:00:AA:0F,netdev=net0,bus=pci.0,addr=0x12,id=net0,bootindex=102' \\
    -machine 'type=pc+pve0'`;

/** In the manner of quickemu. */
export const QUICKEMU = `/usr/bin/qemu-system-x86_64 -name fedora,process=fedora -machine q35,smm=off,vmport=off,accel=kvm \\
    -global kvm-pit.lost_tick_policy=discard -cpu host,kvm=on,+invtsc,l3-cache=on,migratable=no \\
    -smp cores=4,threads=2,sockets=1 -m 8G -device virtio-balloon -rtc base=localtime,clock=host,driftfix=slew \\
    -vga none -device virtio-vga-gl,xres=1280,yres=800 -display sdl,gl=on \\
    -smbios type=2,manufacturer="A B",product=C -audiodev pa,id=snd -device intel-hda -device hda-micro,audiodev=snd \\
    -device qemu-xhci,id=spicepass -chardev spicevmc,id=u1,name=usbredir -device usb-redir,chardev=u1,id=r1 \\
    -device usb-ehci,id=input -device usb-kbd,bus=input.0 -device usb-tablet,bus=input.0 \\
    -device virtio-net,netdev=nic -netdev user,hostname=fedora,hostfwd=tcp::22220-:22,id=nic \\
    -drive if=pflash,format=raw,unit=0,file=/usr/share/OVMF/CODE.fd,readonly=on \\
    -drive if=pflash,format=raw,unit=1,file=/srv/vars.fd -fsdev local,id=f0,path=/home/a,security_model=mapped-xattr \\
    -device virtio-9p-pci,fsdev=f0,mount_tag=home -monitor none -serial unix:/srv/s.sock,server,nowait`;

/** In the manner of packer and Vagrant. */
export const PACKER = `/usr/bin/qemu-system-x86_64 -machine type=pc,accel=kvm -m 1024M -smp cpus=2 \\
    -netdev user,id=user.0 -device virtio-net,netdev=user.0,mac=52:54:00:99:88:77 -name packer-debian \\
    -drive file=/srv/out/disk,if=virtio,cache=writeback,discard=unmap,format=qcow2 \\
    -drive file=/srv/cache/d.iso,media=cdrom -boot once=d -vnc 127.0.0.1:47 -fda /srv/answers.img`;

/** In the manner of a person in a hurry. */
export const BY_HAND = '/usr/bin/qemu-system-x86_64 -nographic -enable-kvm -hda /srv/x.qcow2';

/** In the manner of the manuals, for a kernel of one’s own. */
export const OWN_KERNEL = `/usr/bin/qemu-system-x86_64 -kernel /boot/vmlinuz -initrd /boot/initrd -append "console=ttyS0 root=/dev/vda1" \\
     -nographic -m 512 -drive file=/srv/r.img,if=virtio,format=raw -nic user,model=virtio-net-pci -serial mon:stdio -no-reboot`;

/** In the manner of GNOME Boxes and virt-manager, through libvirt. */
export const BOXES = `/usr/bin/qemu-system-x86_64 -name guest=boxes,debug-threads=on -S \\
    -object '{"qom-type":"secret","id":"masterKey0","format":"raw","file":"/x/master-key.aes"}' \\
    -machine pc-q35-7.2,usb=off,vmport=off,smm=on,dump-guest-core=off,memory-backend=pc.ram,hpet=off \\
    -accel kvm -cpu host,migratable=on -m size=2097152k \\
    -object '{"qom-type":"memory-backend-memfd","id":"pc.ram","share":true,"x-use-canonical-path-for-ramblock-id":false,"size":2147483648}' \\
    -overcommit mem-lock=off -smp 2,sockets=2,cores=1,threads=1 -uuid 0f1e2d3c-4b5a-4968-8776-655443322110 -no-user-config \\
    -nodefaults -chardev socket,id=charmonitor,fd=28,server=on,wait=off -mon chardev=charmonitor,id=monitor,mode=control \\
    -rtc base=utc,driftfix=slew -global kvm-pit.lost_tick_policy=delay -no-shutdown -global ICH9-LPC.disable_s3=1 \\
    -boot strict=on -device '{"driver":"pcie-root-port","port":16,"chassis":1,"id":"pci.1","bus":"pcie.0","multifunction":true,"addr":"0x2"}' \\
    -device '{"driver":"qemu-xhci","p2":15,"p3":15,"id":"usb","bus":"pci.1","addr":"0x0"}' \\
    -device '{"driver":"virtio-serial-pci","id":"virtio-serial0","bus":"pcie.0","addr":"0x3"}' \\
    -blockdev '{"driver":"file","filename":"/srv/b.qcow2","node-name":"libvirt-1-storage","auto-read-only":true,"discard":"unmap"}' \\
    -blockdev '{"node-name":"libvirt-1-format","read-only":false,"discard":"unmap","driver":"qcow2","file":"libvirt-1-storage","backing":null}' \\
    -device '{"driver":"ide-hd","bus":"ide.0","drive":"libvirt-1-format","id":"sata0-0-0","bootindex":1}' \\
    -netdev '{"type":"tap","fd":"30","vhost":true,"vhostfd":"32","id":"hostnet0"}' \\
    -device '{"driver":"virtio-net-pci","netdev":"hostnet0","id":"net0","mac":"52:54:00:31:32:33","bus":"pcie.0","addr":"0x4"}' \\
    -chardev spicevmc,id=charchannel0,name=vdagent \\
    -device '{"driver":"virtserialport","bus":"virtio-serial0.0","nr":1,"chardev":"charchannel0","id":"channel0","name":"com.redhat.spice.0"}' \\
    -chardev socket,id=charchannel1,fd=29,server=on,wait=off \\
    -device '{"driver":"virtserialport","bus":"virtio-serial0.0","nr":2,"chardev":"charchannel1","id":"channel1","name":"org.qemu.guest_agent.0"}' \\
    -device '{"driver":"usb-tablet","id":"input0","bus":"usb.0","port":"1"}' -audiodev '{"id":"audio1","driver":"spice"}' \\
    -spice port=5900,addr=127.0.0.1,disable-ticketing=on,image-compression=off,seamless-migration=on \\
    -device '{"driver":"qxl-vga","id":"video0","max_outputs":1,"ram_size":67108864,"vram_size":67108864,"vram64_size_mb":0,"vgamem_mb":16,"bus":"pcie.0","addr":"0x1"}' \\
    -device '{"driver":"ich9-intel-hda","id":"sound0","bus":"pcie.0","addr":"0x1b"}' \\
    -device '{"driver":"hda-duplex","id":"sound0-codec0","bus":"sound0.0","cad":0,"audiodev":"audio1"}' \\
    -global ICH9-LPC.noreboot=off -watchdog-action reset \\
    -sandbox on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny -msg timestamp=on`;

export const SAMPLE_LINES: readonly string[] = [PROXMOX, QUICKEMU, PACKER, BY_HAND, OWN_KERNEL, BOXES];
