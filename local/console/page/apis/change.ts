/** Switching an API over: shown at once, sent in the order of the clicks, taken back where the platform refuses. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { ApiChange, ApiRow } from "../../wire";
import { type ApiFailure, api, asFailure, noteChange } from "../api";

type Switches = Omit<ApiChange, "output">;
const NOTHING: Switches = {};

export interface ApiSwitches {
  /** The row with what was chosen and is on its way. */
  shown: ApiRow;
  /** @returns whether it was taken */
  change: (change: ApiChange) => Promise<boolean>;
}

/** @param report undefined where the last change was taken */
export function useApiChange(row: ApiRow, report: (failure: ApiFailure | undefined) => void): ApiSwitches {
  const [wanted, setWanted] = useState(NOTHING);
  const waiting = useRef(0);
  const last = useRef<Promise<unknown>>(Promise.resolve());
  useEffect(() => {
    if (waiting.current === 0) setWanted(NOTHING);
  }, [row]);
  const send = async (change: ApiChange) => {
    try {
      await api.changeApi(row, change);
      report(undefined);
      return true;
    } catch (error) {
      setWanted(NOTHING);
      report(asFailure(error));
      return false;
    } finally {
      waiting.current -= 1;
      noteChange();
    }
  };
  const change = ({ output, ...switches }: ApiChange) => {
    waiting.current += 1;
    setWanted((before) => ({ ...before, ...switches }));
    const sent = last.current.then(() => send({ ...switches, ...(output === undefined ? {} : { output }) }));
    last.current = sent;
    return sent;
  };
  return { shown: { ...row, ...wanted } as ApiRow, change };
}
