/** The frame: header, the left area, and the page that the address names. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { InstanceView, MethodRow } from "../wire";
import { api, reachable } from "./api";
import { ApiPage } from "./apis/api-page";
import { ApisPage } from "./apis/list-page";
import { PageTitle } from "./bits";
import { FormSidePage } from "./form-side-page";
import { InstancePage } from "./instance-page";
import { useLanguage, useWords, WordsContext } from "./language";
import { MethodPage } from "./method-page";
import { usePolled } from "./polled";
import { ProcessesPage } from "./processes-page";
import { hrefTo, parseRoute, type Route, watchRoute } from "./route";
import { Sidebar } from "./sidebar";
import { useSignal } from "./signal";

const routes = watchRoute();

export function App() {
  const [words, switchLanguage] = useLanguage();
  const route = useSignal(routes);
  const methods = usePolled("methods", api.methods, { once: true }).data;
  const instances = usePolled("instances", api.instances).data;
  const [menuOpen, setMenuOpen] = useState(false);
  useRouteChange(route, () => setMenuOpen(false));
  useFirstMethod(route, methods);
  const { t } = words;
  return (
    <WordsContext.Provider value={words}>
      <button type="button" class="skip" onClick={() => document.getElementById("main")?.focus()}>
        {t("skip")}
      </button>
      <Header route={route} menuOpen={menuOpen} onMenu={() => setMenuOpen(!menuOpen)} onLanguage={switchLanguage} />
      <Banner />
      <div class="areas">
        <nav id="sidebar" class={menuOpen ? "sidebar open" : "sidebar"} aria-label={t("picks")}>
          <Sidebar route={route} methods={methods} instances={instances} />
        </nav>
        <main id="main" tabIndex={-1}>
          <Page route={route} methods={methods} instances={instances} />
        </main>
      </div>
    </WordsContext.Provider>
  );
}

interface PageProps {
  route: Route;
  methods: MethodRow[] | undefined;
  instances: InstanceView[] | undefined;
}

function Page({ route, methods, instances }: PageProps) {
  switch (route.page) {
    case "processes":
      return <ProcessesPage />;
    case "apis":
      return <ApisPage />;
    case "api":
      return <ApiPage key={route.name} name={route.name} instances={instances} />;
    case "form-side":
      return <FormSidePage />;
    case "instance":
      return <InstancePage key={route.id} id={route.id} methods={methods ?? []} />;
    case "method": {
      const method = methods?.find(({ name }) => name === route.name);
      return method ? <MethodPage key={method.name} method={method} /> : <Absent name={route.name} methods={methods} />;
    }
    default:
      return <Absent name="" methods={methods} />;
  }
}

function Absent({ name, methods }: { name: string; methods: MethodRow[] | undefined }) {
  const { t } = useWords();
  const known = methods !== undefined;
  return (
    <div class="column wide">
      <div class="card">
        <PageTitle text={known && name !== "" ? t("notFound") : t("appName")} />
        <p class="empty">{!known ? t("loading") : name !== "" ? t("noSuchMethod", { name }) : t("noMethods")}</p>
      </div>
    </div>
  );
}

interface HeaderProps {
  route: Route;
  menuOpen: boolean;
  onMenu: () => void;
  onLanguage: () => void;
}

function Header({ route, menuOpen, onMenu, onLanguage }: HeaderProps) {
  const { t, language } = useWords();
  const links = [
    { href: hrefTo.processes, text: t("processes"), here: route.page === "processes" },
    { href: hrefTo.apis, text: t("apis"), here: route.page === "apis" || route.page === "api" },
    { href: hrefTo.formSide, text: t("formSide"), here: route.page === "form-side" },
  ];
  return (
    <header class="top">
      <a class="brand" href="#/">
        {t("appName")}
      </a>
      <button type="button" class="button small menu" aria-expanded={menuOpen} aria-controls="sidebar" onClick={onMenu}>
        {t("menu")}
      </button>
      <nav aria-label={t("navigation")}>
        {links.map(({ href, text, here }) => (
          <a key={href} class="top-link" href={href} aria-current={here ? "page" : undefined}>
            {text}
          </a>
        ))}
      </nav>
      <button type="button" class="button small" lang={language === "zh" ? "en" : "zh-CN"} onClick={onLanguage}>
        {t("language")}
      </button>
    </header>
  );
}

function Banner() {
  const { t } = useWords();
  const up = useSignal(reachable);
  return <div role="alert">{!up && <p class="banner">{t("serverGone")}</p>}</div>;
}

/** A new page begins at its title, for the eye and for the keyboard; the first one is left alone. */
function useRouteChange(route: Route, onChange: () => void): void {
  const first = useRef(true);
  useEffect(() => {
    const title = document.getElementById("page-title");
    if (!first.current) {
      window.scrollTo(0, 0);
      title?.focus({ preventScroll: true });
    }
    first.current = false;
    onChange();
  }, [route]);
}

/** The empty address leads to the first method. The event of a newer address may still be on its way. */
function useFirstMethod(route: Route, methods: MethodRow[] | undefined): void {
  const first = methods?.[0];
  useEffect(() => {
    const isHome = route.page === "home" && parseRoute(window.location.hash).page === "home";
    if (isHome && first !== undefined) window.location.replace(hrefTo.method(first.name));
  }, [route, first]);
}
