/** The language that is shown: zh-CN first, English second, remembered in this browser. */
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Text } from "../../../shared/base/errors";
import { Signal, useSignal } from "./signal";
import { TEXTS, type TextKey } from "./texts";

export type Language = keyof Text;
const STORED_AS = "startflow.language";

export interface Words {
  language: Language;
  /** A text of the page; `{name}` in it is replaced. */
  t(key: TextKey, facts?: Record<string, string | number>): string;
  /** One of two texts that came from elsewhere. */
  pick(text: Text): string;
}

const language = new Signal<Language>(stored());

export const WordsContext = createContext<Words>(wordsIn("zh"));

export function useWords(): Words {
  return useContext(WordsContext);
}

/** For the root of the page alone: its words, drawn again when the language changes. */
export function useLanguage(): [Words, () => void] {
  const current = useSignal(language);
  document.documentElement.lang = current === "zh" ? "zh-CN" : "en";
  const other = current === "zh" ? "en" : "zh";
  return [wordsIn(current), () => remember(other)];
}

function wordsIn(shown: Language): Words {
  return {
    language: shown,
    t: (key, facts = {}) => TEXTS[key][shown].replace(/\{(\w+)\}/g, (_, name: string) => String(facts[name] ?? "")),
    pick: (text) => text[shown] || text.zh,
  };
}

function stored(): Language {
  try {
    return localStorage.getItem(STORED_AS) === "en" ? "en" : "zh";
  } catch {
    return "zh";
  }
}

function remember(next: Language): void {
  language.set(next);
  try {
    localStorage.setItem(STORED_AS, next);
  } catch {
    // A browser that stores nothing: the choice lasts until reload.
  }
}
