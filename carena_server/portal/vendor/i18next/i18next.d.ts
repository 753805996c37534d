/** The part of i18next that the portal uses; the library's own types need a package folder. */
interface Instance {
  isInitialized: boolean;
  language: string;
  init(options: object): Promise<unknown>;
  addResourceBundle(language: string, namespace: string, resources: object, deep?: boolean, overwrite?: boolean): void;
  changeLanguage(language: string): Promise<unknown>;
  t(key: string, values?: Record<string, string | number>): string;
  exists(key: string): boolean;
  dir(language?: string): "ltr" | "rtl";
}
declare const i18next: { createInstance(): Instance };
export default i18next;
