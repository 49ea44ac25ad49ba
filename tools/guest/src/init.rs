//! The guest's first program: loads modules, mounts, runs one command, says how it ended, switches off.

use std::fmt::Write as _;

/// The script for a command with its environment; `disk` tells whether the first disk is mounted.
pub(crate) fn script(
    modules: &[String],
    mounts: Mounts,
    environment: &[(String, String)],
    command: &[String],
) -> String {
    let mut text = String::from(BEGIN);
    for module in modules {
        let _infallible = writeln!(text, "insmod /modules/{module} || echo 'no {module}'");
    }
    text.push_str(PORTS);
    if mounts == Mounts::FirstDisk {
        text.push_str(MOUNT);
    }
    for (name, value) in environment {
        let _infallible = writeln!(text, "export {name}={}", quoted(value));
    }
    let words: Vec<String> = command.iter().map(|word| quoted(word)).collect();
    let _infallible = writeln!(text, "setsid {} <&5 >&5 2>&5", words.join(" "));
    text.push_str(END);
    text
}

/// What is mounted before the command runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mounts {
    /// The first disk, as ext4 at `/disk`.
    FirstDisk,
    /// The guest's own file systems only.
    None,
}

/// A word as the shell reads it back.
fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}

const BEGIN: &str = "\
#!/busybox sh
/busybox mkdir -p /proc /sys /dev /tmp /run /root /etc /disk /bin /sbin /usr/bin /usr/sbin /var/lib
/busybox --install -s 2>/run/installed
export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 HYGIE_GUEST=1
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs dev /dev
mount -t tmpfs -o mode=1777 tmp /tmp
mount -t tmpfs -o mode=755 run /run
mkdir -p /dev/shm
mount -t tmpfs -o mode=1777 shm /dev/shm
mount -t cgroup2 cgroup2 /sys/fs/cgroup
ln -s /proc/self/fd /dev/fd
echo 'root:x:0:0:root:/root:/bin/sh' >/etc/passwd
echo 'root:x:0:' >/etc/group
hostname guest
ip link set lo up
";
/// The ports come a moment after their module.
const PORTS: &str = "\
for try in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
    [ -c /dev/vport0p1 ] && [ -c /dev/vport0p2 ] && break
    usleep 250000
done
exec 5<>/dev/vport0p1 6>/dev/vport0p2
";
const MOUNT: &str = "mount -t ext4 /dev/vda /disk || { echo 'the disk cannot be mounted' >&5; echo 125 >&6; poweroff -f; }\n";
const END: &str = "\
code=$?
cd /
echo \"$code\" >&6
sync
umount /disk 2>/run/unmounted
poweroff -f
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_reach_the_command_as_they_are() {
        let command = ["sh", "-c", "echo 'a b' $HOME"].map(String::from);
        let text = script(&["ext4.ko".to_owned()], Mounts::None, &[], &command);
        assert!(
            text.contains(r#"setsid 'sh' '-c' 'echo '\''a b'\'' $HOME' <&5"#),
            "{text}"
        );
        assert!(text.contains("insmod /modules/ext4.ko") && !text.contains("/dev/vda"));
    }
}
