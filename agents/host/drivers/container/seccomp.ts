/**
 * The system-call filter of nodes that hold DAC_READ_SEARCH. With that capability the engine's own filter admits open_by_handle_at,
 * which opens any file of the host's file system by its number; here it is refused, as are all calls that need SYS_ADMIN, module
 * loading, clocks, raw I/O and tracing across users. An allow list: a call that is not named fails with EPERM.
 */

const files = `access faccessat faccessat2 chdir fchdir chmod fchmod fchmodat chown chown32 fchown fchown32 fchownat lchown lchown32 chroot
 close close_range copy_file_range creat dup dup2 dup3 fadvise64 fadvise64_64 fallocate fcntl fcntl64 fdatasync flock fsync ftruncate
 ftruncate64 futimesat getcwd getdents getdents64 inotify_add_watch inotify_init inotify_init1 inotify_rm_watch fanotify_mark ioctl
 ioprio_get ioprio_set link linkat _llseek lseek mkdir mkdirat mknod mknodat name_to_handle_at open openat openat2 pread64 preadv preadv2
 pwrite64 pwritev pwritev2 read readahead readlink readlinkat readv rename renameat renameat2 rmdir sendfile sendfile64 splice stat stat64
 fstat fstat64 fstatat64 newfstatat lstat lstat64 statfs statfs64 fstatfs fstatfs64 statx symlink symlinkat sync sync_file_range syncfs tee
 truncate truncate64 umask unlink unlinkat utime utimensat utimensat_time64 utimes vmsplice write writev
 getxattr lgetxattr fgetxattr setxattr lsetxattr fsetxattr listxattr llistxattr flistxattr removexattr lremovexattr fremovexattr`;

const processes = `alarm arch_prctl capget capset execve execveat exit exit_group fork vfork getcpu getegid getegid32 geteuid geteuid32 getgid
 getgid32 getgroups getgroups32 getitimer getpgid getpgrp getpid getppid getpriority getresgid getresgid32 getresuid getresuid32 getrlimit
 get_robust_list getrusage getsid get_thread_area gettid getuid getuid32 kill landlock_add_rule landlock_create_ruleset
 landlock_restrict_self modify_ldt nanosleep pause pidfd_open pidfd_send_signal prctl prlimit64 process_mrelease restart_syscall rseq
 rt_sigaction rt_sigpending rt_sigprocmask rt_sigqueueinfo rt_sigreturn rt_sigsuspend rt_sigtimedwait rt_sigtimedwait_time64
 rt_tgsigqueueinfo sched_getaffinity sched_getattr sched_getparam sched_get_priority_max sched_get_priority_min sched_getscheduler
 sched_rr_get_interval sched_rr_get_interval_time64 sched_setaffinity sched_setattr sched_setparam sched_setscheduler sched_yield seccomp
 setfsgid setfsgid32 setfsuid setfsuid32 setgid setgid32 setgroups setgroups32 setitimer setpgid setpriority setregid setregid32 setresgid
 setresgid32 setresuid setresuid32 setreuid setreuid32 setrlimit set_robust_list setsid set_thread_area set_tid_address setuid setuid32
 set_tls cacheflush breakpoint sigaltstack sigprocmask sigreturn sysinfo tgkill tkill times ugetrlimit uname wait4 waitid waitpid`;

const memory = `brk madvise membarrier memfd_create mincore mlock mlock2 mlockall mmap mmap2 mprotect mremap msync munlock munlockall munmap
 pkey_alloc pkey_free pkey_mprotect remap_file_pages shmat shmctl shmdt shmget`;

const waiting = `epoll_create epoll_create1 epoll_ctl epoll_ctl_old epoll_pwait epoll_pwait2 epoll_wait epoll_wait_old eventfd eventfd2 futex
 futex_time64 futex_waitv io_cancel io_destroy io_getevents io_pgetevents io_pgetevents_time64 io_setup io_submit _newselect poll ppoll
 ppoll_time64 pselect6 pselect6_time64 select signalfd signalfd4 timer_create timer_delete timer_getoverrun timer_gettime timer_gettime64
 timer_settime timer_settime64 timerfd_create timerfd_gettime timerfd_gettime64 timerfd_settime timerfd_settime64
 clock_getres clock_getres_time64 clock_gettime clock_gettime64 clock_nanosleep clock_nanosleep_time64 gettimeofday time`;

const talking = `accept accept4 bind connect getpeername getsockname getsockopt ipc listen mq_getsetattr mq_notify mq_open mq_timedreceive
 mq_timedreceive_time64 mq_timedsend mq_timedsend_time64 mq_unlink msgctl msgget msgrcv msgsnd pipe pipe2 recv recvfrom recvmmsg
 recvmmsg_time64 recvmsg semctl semget semop semtimedop semtimedop_time64 send sendmmsg sendmsg sendto setsockopt shutdown socketcall
 socketpair getrandom`;

const allow = "SCMP_ACT_ALLOW";
const words = (text: string) => text.split(/\s+/).filter((word) => word !== "");
/** The flags of clone that make a namespace. */
const namespaces = 0x7e020000;

const profile = {
  defaultAction: "SCMP_ACT_ERRNO",
  defaultErrnoRet: 1,
  archMap: [
    { architecture: "SCMP_ARCH_X86_64", subArchitectures: ["SCMP_ARCH_X86", "SCMP_ARCH_X32"] },
    { architecture: "SCMP_ARCH_AARCH64", subArchitectures: ["SCMP_ARCH_ARM"] },
  ],
  syscalls: [
    { names: [files, processes, memory, waiting, talking].flatMap(words), action: allow },
    // Vsock reaches the machine below this one.
    { names: ["socket"], action: allow, args: [{ index: 0, value: 40, op: "SCMP_CMP_NE" }] },
    ...[0, 8, 0x20000, 0x20008, 0xffffffff].map((value) => ({
      names: ["personality"],
      action: allow,
      args: [{ index: 0, value, op: "SCMP_CMP_EQ" }],
    })),
    { names: ["clone"], action: allow, args: [{ index: 0, value: namespaces, valueTwo: 0, op: "SCMP_CMP_MASKED_EQ" }] },
    // ENOSYS makes the C library use clone, whose flags can be read here.
    { names: ["clone3"], action: "SCMP_ACT_ERRNO", errnoRet: 38 },
    { names: ["ptrace", "process_vm_readv", "process_vm_writev"], action: allow, includes: { caps: ["CAP_SYS_PTRACE"] } },
  ],
};

/** The filter as the engine takes it: the JSON itself, not a path. */
export const seccompWithoutHandles: string = JSON.stringify(profile);
