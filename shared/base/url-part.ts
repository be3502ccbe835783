/** A part of an address as people read it: decoded, and as it stands where it holds a percent sign of its own. */

export function decodedPart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
