// Looks at the pages of trp-check as a browser, a printer, a validator and a screen reader see them.
//
// node pages.js PROGRAM FOLDER [PICTURES]: writes the pages into the folder and, where asked, pictures of them.

import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
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

const found = [];
const complain = (page, text) => found.push(`${page}: ${text}`);

/** The pages, written by the program. */
function pages() {
  mkdirSync(folder, { recursive: true });
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

/** The page on a screen. */
async function look(browser, { path, language }, width, scheme) {
  const name = `${basename(join(path, ".."))}/${basename(path)} ${width} ${scheme}`;
  const page = await browser.newPage();
  page.on("console", (message) => complain(name, `console: ${message.text()}`));
  page.on("pageerror", (error) => complain(name, `error: ${error.message}`));
  page.on("request", (request) => {
    if (request.url() !== pathToFileURL(resolve(path)).href) complain(name, `asks for ${request.url()}`);
  });
  await page.setViewport({ width, height: 800, deviceScaleFactor: 1 });
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
  await page.goto(pathToFileURL(resolve(path)).href);
  for (const what of await page.evaluate(overflowing)) complain(name, `too wide: ${what}`);
  const lang = await page.evaluate(() => document.documentElement.lang);
  if (lang !== language) complain(name, `lang is ${lang}`);
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }));
  for (const { id, help, nodes } of violations) {
    complain(name, `${id}: ${help}: ${nodes.slice(0, 3).map((node) => `${node.html.slice(0, 120)} ${node.any[0]?.message ?? ""}`).join(" | ")}`);
  }
  if (pictures) {
    mkdirSync(pictures, { recursive: true });
    const file = `${name.replace(/^.*?reports/, "reports").replace(/[/ ]+/g, "-").replace(".html", "")}.png`;
    await page.screenshot({ path: join(pictures, file), fullPage: true });
  }
  return page;
}

/** The page on paper: all of its text, nothing that belongs together cut, and boxes that are boxes. */
async function print(page, path) {
  const name = `${basename(path)} on paper`;
  const squeezed = (text) => text.replace(/\s+/g, "");
  await page.emulateMediaType("print");
  const wholes = await page.evaluate(() => {
    const out = [];
    for (const element of document.querySelectorAll("section li, section p, h1, h2, h3, .papers, .next, .permit")) {
      if (getComputedStyle(element).breakInside === "avoid" && !element.closest("svg") && !element.querySelector("a[href^=https]")) {
        out.push(element.innerText);
      }
    }
    return out.filter((text) => text.trim());
  });
  const bytes = await page.pdf({ preferCSSPageSize: true, printBackground: true });
  if (pictures) writeFileSync(join(pictures, `${basename(path, ".html")}.pdf`), bytes);
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
  for (const whole of wholes.filter((whole) => !texts.some((text) => text.includes(squeezed(whole))))) {
    complain(name, `cut, or not there: ${whole.replace(/\s+/g, " ").slice(0, 100)}`);
  }
  return document_.numPages;
}

const written = pages();
await validate(written);
const browser = await puppeteer.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
let sheets = 0;
try {
  for (const one of written) {
    for (const width of widths) {
      for (const scheme of schemes) {
        const page = await look(browser, one, width, scheme);
        if (width === 794 && scheme === "dark") sheets += await print(page, one.path);
        await page.close();
      }
    }
  }
} finally {
  await browser.close();
}
const reports = readdirSync(join(folder, "reports-en")).length;
console.log(`${written.length} pages, each at ${widths.join(" and ")} px, ${schemes.join(" and ")}; ${sheets} sheets of paper; ${reports} files of reports`);
for (const complaint of found) console.error(complaint);
process.exitCode = found.length > 0 ? 1 : 0;
