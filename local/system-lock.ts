/**
 * A lock on a folder that the operating system lets go when its owner ends, however that ends. Nothing is ever left to be
 * found stale and taken over, which two at once cannot do safely with files alone.
 *
 * Linux: a listening socket with an abstract name, of which there can be one only, which no file system has to know, and
 * which has gone when its owner has (unix(7)). Each network namespace has names of its own (network_namespaces(7)), so two
 * containers that share the folder need flock(2) on the folder as well: it is the kernel's, for all of them. Node.js has no
 * call for it, but the command flock has; where that is missing, the name alone decides, and a line says so.
 * Windows: a named pipe, by the same call: https://nodejs.org/docs/latest-v20.x/api/net.html#identifying-paths-for-ipc-connections
 * macOS and the BSDs have no abstract names, and a socket file would outlive its owner; they lock a file as they open it.
 *
 * No lock reaches from one machine to another, and the host of a virtual machine is another machine.
 */
import { spawnSync } from "node:child_process";
import { type BigIntStats, closeSync, constants, fstatSync, openSync, statSync } from "node:fs";
import { createServer } from "node:net";

/** Where the other one is that has the lock. */
export type Holder = "here" | "elsewhere";

/** What lets a part of the lock go; the last one goes first. */
type Held = (() => void | Promise<void>)[];

/** sun_path of unix(7) on Linux. */
const NAME_BYTES = 108;
/** Of open(2) on macOS and the BSDs; Node.js names it nowhere, but hands on what it does not know. */
const O_EXLOCK = 0x20;

/**
 * @param file what is locked where a folder cannot be; it must never be removed
 * @param held gets what lets go again, also where somebody else has it
 * @returns who has it; `undefined` where it was taken
 */
export async function takeSystemLock(dir: string, file: string, held: Held): Promise<Holder | undefined> {
  switch (process.platform) {
    case "linux":
    case "android":
      return takeOnLinux(dir, held);
    case "win32":
      return takeName(`\\\\.\\pipe\\${nameOf(statSync(dir, { bigint: true }))}`, held);
    case "darwin":
    case "freebsd":
    case "netbsd":
    case "openbsd":
      return takeFile(file, held);
    default:
      throw new Error(`startflow knows no lock of ${process.platform}`);
  }
}

async function takeOnLinux(dir: string, held: Held): Promise<Holder | undefined> {
  // Kept open: a removed folder's number is not given to another one meanwhile.
  const folder = openSync(dir, constants.O_RDONLY | constants.O_DIRECTORY);
  const close = () => closeSync(folder);
  // Node.js 20 fills a shorter name with zeros, and later ones do not, so they would not get in each other's way:
  // https://github.com/nodejs/node/issues/50889
  const name = `\0${nameOf(fstatSync(folder, { bigint: true }))}`.padEnd(NAME_BYTES, "-");
  const holder = await takeName(name, held).catch((error: unknown) => {
    close();
    throw error;
  });
  // Before the name is let go: whoever gets that must not find the folder locked.
  held.push(close);
  return holder ?? takeFlock(dir, folder);
}

/** However the folder's path is written. */
function nameOf({ dev, ino }: BigIntStats): string {
  return `startflow-${dev.toString(16)}-${ino.toString(16)}`;
}

function takeName(name: string, held: Held): Promise<Holder | undefined> {
  // Nobody has anything to ask here.
  const server = createServer((caller) => caller.on("error", () => undefined).destroy());
  return new Promise((settle, reject) => {
    server.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE") settle("here");
      else reject(error);
    });
    server.listen({ path: name, exclusive: true }, () => {
      held.push(() => new Promise((done) => server.close(() => done())));
      settle(undefined);
    });
    server.unref();
  });
}

/**
 * A lock of flock(2) is on the open file, which the command shares, and stays when the command has ended. On a folder it is
 * the kernel's own also where a file's would be asked of a server, which may refuse: NFS, 9p and FUSE have no `flock` in the
 * file_operations of a folder, and fs/locks.c of Linux then keeps it itself.
 */
function takeFlock(dir: string, folder: number): Holder | undefined {
  const { status, error, stderr } = spawnSync("flock", ["-x", "-n", "3"], {
    stdio: ["ignore", "ignore", "pipe", folder],
    encoding: "utf8",
  });
  if (status === 0) return undefined;
  // flock(1): 1 is said without a word where another has the lock; BusyBox says other failures with 1 too, and with words.
  if (status === 1 && stderr === "") return "elsewhere";
  const isMissing = (error as NodeJS.ErrnoException | undefined)?.code === "ENOENT";
  if (error !== undefined && !isMissing) throw error;
  if (status === null && !isMissing) throw new Error("the command flock was killed");
  const why = isMissing ? "there is no command flock" : stderr.trim();
  console.error(`startflow: another startflow on ${dir} would not be noticed if it ran in another container: ${why}`);
  return undefined;
}

function takeFile(file: string, held: Held): Holder | undefined {
  try {
    const opened = openSync(file, constants.O_RDWR | constants.O_CREAT | constants.O_NONBLOCK | O_EXLOCK);
    held.push(() => closeSync(opened));
    return undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EAGAIN") return "here";
    throw error;
  }
}
