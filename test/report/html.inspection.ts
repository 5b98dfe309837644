/** What a page says about itself once it is laid out. */
export interface Inspection {
  readonly scrollWidth: number;
  /** Elements that reach beyond the window. */
  readonly overflow: readonly string[];
  /** Relative luminance of the page's background, 0 black to 1 white. */
  readonly backgroundLuminance: number;
  /** Texts with less contrast than 4.5:1 (WCAG AA). */
  readonly faint: readonly string[];
  readonly styled: boolean;
  readonly scripts: number;
  readonly unnamedBars: number;
}

/** Runs inside the page, so it is text and not code of this project's own types. Gives an {@link Inspection}. */
export const INSPECTION = `(() => {
  const rgba = (text) => {
    const [r, g, b, a = 1] = (text.match(/[\\d.]+/g) ?? []).map(Number);
    return { rgb: [r, g, b], a };
  };
  const luminance = (rgb) => {
    const [r, g, b] = rgb.map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const { rgb, a } = rgba(getComputedStyle(at).backgroundColor);
      if (a === 1) return rgb;
    }
    return [255, 255, 255];
  };
  const contrast = (element) => {
    const [x, y] = [rgba(getComputedStyle(element).color).rgb, behind(element)].map(luminance);
    return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
  };
  const visible = [...document.body.querySelectorAll('*')].filter((e) => e.getClientRects().length > 0);
  const texts = visible.filter((e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim() !== ''));
  const width = document.documentElement.clientWidth;
  const wide = visible.filter((e) => e.getBoundingClientRect().right > width + 0.5 && !e.closest('svg, thead'));
  const name = (e) => e.tagName.toLowerCase() + ' "' + e.textContent.trim().slice(0, 40) + '"';
  return {
    scrollWidth: document.documentElement.scrollWidth,
    overflow: wide.slice(0, 5).map(name),
    backgroundLuminance: luminance(behind(document.body)),
    faint: texts.filter((e) => contrast(e) < 4.5).map((e) => name(e) + ' ' + contrast(e).toFixed(2)),
    styled: getComputedStyle(document.body).marginTop === '0px',
    scripts: document.scripts.length,
    unnamedBars: [...document.querySelectorAll('svg.bar')].filter((e) => !e.getAttribute('aria-label')).length,
  };
})()`;
