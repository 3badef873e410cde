// Looks at the pages of trp-check as a browser, a printer, a validator and a screen reader see them.
//
// node pages.js PROGRAM FOLDER [PICTURES]: writes the pages into the folder and, where asked, pictures of them.

import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { FileSystemConfigLoader, HtmlValidate } from "html-validate";
import { getDocument } from "pdfjs-dist/legacy/build/pdf.mjs";
import puppeteer from "puppeteer-core";

const [program, folder, pictures] = process.argv.slice(2);
const here = import.meta.dirname;
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const languages = ["en", "ru", "kk"];
const widths = [360, 794];
const schemes = ["light", "dark"];
const day = "2026-11-22";

// Somebody with much to do, a family, an overstay, a planned exit too late, a country without a rule, somebody not yet
// there, and somebody who writes what no name is.
const profiles = join(here, "../cli/profiles");
const people = {
  worker: ["check", join(profiles, "aleksei.toml")],
  family: ["check", join(profiles, "family.toml")],
  overstay: ["check", "--citizenship", "DE", "--stay", "2026-09-20..", "--notified", "no", "--name", "Karl"],
  "too-late": ["check", "--citizenship", "DE", "--stay", "2026-07-10..2026-07-20", "--stay", "2026-11-01..2026-12-20"],
  unknown: ["check", "--citizenship", "NG", "--stay", "2026-11-02.."],
  "not-yet": ["check", "--citizenship", "UZ", "--purpose", "employment"],
  hostile: ["check", join(here, "hostile.json")],
  stay: ["stay", join(profiles, "aleksei.toml")],
  docs: ["docs", join(profiles, "family.toml")],
  agenda: ["agenda", join(here, "../cli/lists/staff.csv")],
};

const inAllLanguages = ["worker", "family", "overstay", "agenda"];

const found = [];
const complain = (page, text) => found.push(`${page}: ${text}`);

/** The pages, written by the program. */
function pages() {
  for (const into of [folder, pictures].filter(Boolean)) mkdirSync(into, { recursive: true });
  const ran = (args) => {
    try {
      return execFileSync(program, [...args, "--today", day], { maxBuffer: 1 << 28 });
    } catch (error) {
      // A violation and a case without a rule are answers, too.
      if ([1, 3].includes(error.status)) return error.stdout;
      throw error;
    }
  };
  const written = [];
  for (const language of languages) {
    for (const [name, args] of Object.entries(people)) {
      if (language !== "en" && !inAllLanguages.includes(name)) continue;
      const path = join(folder, `${name}-${language}.html`);
      writeFileSync(path, ran([...args, "--format", "html", "--lang", language]));
      written.push({ path, language });
    }
    const reports = join(folder, `reports-${language}`);
    ran(["batch", join(here, "../cli/lists/staff.csv"), "--reports", reports, "--force", "--lang", language]);
    written.push({ path: join(reports, "index.html"), language });
  }
  return written;
}

/** What a validator says, with its recommended rules. */
async function validate(written) {
  const validator = new HtmlValidate(new FileSystemConfigLoader({ extends: ["html-validate:recommended"] }));
  for (const { path } of written) {
    const { results } = await validator.validateFile(path);
    for (const { messages } of results) {
      for (const { ruleId, line, column, message } of messages) {
        // Letters are counted here as they are escaped.
        if (ruleId === "long-title" && path.includes("hostile")) continue;
        complain(basename(path), `${line}:${column}: ${ruleId}: ${message}`);
      }
    }
  }
}

/** What stands over the edge of the window, or is cut by what it stands in. */
function overflowing() {
  const window_ = document.documentElement;
  const out = [];
  if (window_.scrollWidth > window_.clientWidth) out.push(`page ${window_.scrollWidth} > ${window_.clientWidth}`);
  for (const element of document.querySelectorAll("body *:not(svg *)")) {
    const { left, right, width } = element.getBoundingClientRect();
    if (width > 0 && (left < -0.5 || right > window_.clientWidth + 0.5)) out.push(`${element.tagName} ${element.className}`);
    if (element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0 && getComputedStyle(element).display !== "inline") {
      out.push(`inside ${element.tagName}.${element.className}: ${element.textContent.slice(0, 40)}`);
    }
  }
  return out;
}

/** The page on screens: nothing too wide, nothing asked for, nothing in the way of anybody. */
async function look(browser, { path, language }) {
  const name = path.slice(folder.length + 1);
  const address = pathToFileURL(resolve(path)).href;
  const page = await browser.newPage();
  // A busy machine takes long, and that is no finding.
  page.setDefaultTimeout(0);
  page.on("console", (message) => complain(name, `console: ${message.text()}`));
  page.on("pageerror", (error) => complain(name, `error: ${error.message}`));
  page.on("request", (request) => request.url() === address || complain(name, `asks for ${request.url()}`));
  await page.goto(address);
  const lang = await page.evaluate(() => document.documentElement.lang);
  if (lang !== language) complain(name, `lang is ${lang}`);
  await page.evaluate(axe);
  for (const scheme of schemes) {
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
    for (const width of widths) {
      const at = `${name} ${width} ${scheme}`;
      await page.setViewport({ width, height: 800 });
      for (const what of await page.evaluate(overflowing)) complain(at, `too wide: ${what}`);
      if (pictures) await page.screenshot({ path: join(pictures, `${at.replace(/[/ ]/g, "-")}.png`), fullPage: true });
    }
    // Days are drawn as pictures, whose names stand beside them: what is inside is no text for it.
    const violations = await page.evaluate(async (isDark) => {
      const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
      // In the dark only the colours are others.
      const runOnly = isDark ? { type: "rule", values: ["color-contrast"] } : { type: "tag", values: tags };
      return (await axe.run({ exclude: ["svg > *"] }, { runOnly, resultTypes: ["violations"] })).violations;
    }, scheme === "dark");
    for (const { id, help, nodes } of violations) complain(`${name} ${scheme}`, `${id}: ${help}: ${nodes[0].html.slice(0, 200)}`);
  }
  return page;
}

/** The page on paper: all of its text, nothing that belongs together cut, and boxes that are boxes. */
async function print(page, path) {
  const name = `${path.slice(folder.length + 1)} on paper`;
  const squeezed = (text) => text.replace(/\s+/g, "");
  await page.emulateMediaType("print");
  await page.setViewport({ width: 680, height: 990 });
  const wholes = await page.evaluate(() => {
    const out = [];
    for (const element of document.querySelectorAll("section:not(.sources), section:not(.sources) li, section:not(.sources) p, h1, h2")) {
      // What is higher than a sheet has to be cut somewhere.
      const fits = element.getBoundingClientRect().height < innerHeight;
      if (fits && !element.closest("svg") && !element.querySelector("a[href^=https]")) {
        // Days are drawn: of what stands around them each piece is looked for.
        const pieces = element.querySelector("svg") ? [...element.querySelectorAll("h2, h3, p, li")] : [element];
        out.push(pieces.map((piece) => piece.innerText));
      }
    }
    return out.filter((pieces) => pieces.join("").trim());
  });
  const bytes = await page.pdf({ preferCSSPageSize: true, printBackground: true });
  if (pictures) writeFileSync(join(pictures, `${path.slice(folder.length + 1).replaceAll("/", "-")}.pdf`), bytes);
  const document_ = await getDocument({ data: new Uint8Array(bytes), verbosity: 0 }).promise;
  const texts = [];
  for (let number = 1; number <= document_.numPages; number += 1) {
    const sheet = await document_.getPage(number);
    const [, , width, height] = sheet.view;
    if (Math.abs(width - 595) > 1 || Math.abs(height - 842) > 1) complain(name, `page ${number} is ${width} × ${height}`);
    const { items } = await sheet.getTextContent();
    for (const item of items.filter((item) => item.str.trim())) {
      const [, , , , x, y] = item.transform;
      if (x < 30 || x + item.width > width - 30 || y < 30 || y > height - 30) complain(name, `outside of page ${number}: ${item.str}`);
    }
    texts.push(squeezed(items.map((item) => item.str).join("")));
  }
  if (texts.some((text) => text.length === 0)) complain(name, "an empty page");
  const isOn = (pieces) => (text) => pieces.every((piece) => text.includes(squeezed(piece)));
  for (const pieces of wholes.filter((pieces) => !texts.some(isOn(pieces)))) {
    complain(name, `cut, or not there: ${pieces.join(" ").replace(/\s+/g, " ").slice(0, 100)}`);
  }
  return document_.numPages;
}

const written = pages();
await validate(written);
let sheets = 0;
const queue = [...written];
/** A browser that looks at one page after the other, as long as there are any. */
async function worker() {
  const browser = await puppeteer.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    timeout: 0,
    protocolTimeout: 0,
    // Without the rest, a browser looks for its makers in the background.
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--no-first-run",
    ],
  });
  try {
    for (let one = queue.shift(); one; one = queue.shift()) {
      const page = await look(browser, one);
      const printed = await print(page, one.path);
      sheets += printed;
      await page.close();
    }
  } finally {
    await browser.close();
  }
}
await Promise.all([worker(), worker()]);
console.log(`${written.length} pages at ${widths.join(" and ")} px, ${schemes.join(" and ")}: ${found.length} findings; ${sheets} sheets of paper`);
for (const complaint of found) console.error(complaint);
process.exitCode = found.length > 0 ? 1 : 0;
